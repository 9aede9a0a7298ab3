import { expect } from "chai";
import { compareSnapshots, emptySnapshot, resourceTypes, typeOf } from "./compare.ts";
import { type Resource, type Snapshot, typeUrls } from "./snapshot.ts";

const clusters = (versions: Readonly<Record<string, string>>): Snapshot => ({
  ...emptySnapshot,
  cluster: new Map(Object.entries(versions).map(([name, version]) => [name, one(name, version)])),
});

function one(name: string, version: string): Resource {
  return { name, version, body: new Uint8Array() };
}

describe("comparing snapshots", () => {
  it("names what was added, changed and removed, of the types that differ", () => {
    const before = clusters({ same: "1", changed: "1", gone: "1" });
    const after = clusters({ same: "1", changed: "2", added: "1" });
    expect(compareSnapshots(before, after)).to.deep.equal({
      cluster: { changed: ["changed", "added"], removed: ["gone"] },
    });
  });

  it("finds no difference where content is the same", () => {
    expect(compareSnapshots(clusters({ a: "1" }), clusters({ a: "1" }))).to.deep.equal({});
  });

  it("knows every type of a snapshot by its URL, and no other", () => {
    expect([...resourceTypes].sort()).to.deep.equal(Object.keys(typeUrls).sort());
    for (const type of resourceTypes) expect(typeOf(typeUrls[type])).to.equal(type);
    expect(typeOf("type.googleapis.com/envoy.service.runtime.v3.Runtime")).to.equal(undefined);
  });
});
