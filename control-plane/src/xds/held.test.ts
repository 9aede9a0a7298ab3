import { expect } from "chai";
import fc from "fast-check";
import type { Resource } from "../snapshot/snapshot.ts";
import { heldAfter, heldBeside, knowsDifferences, mayDiffer } from "./held.ts";

const names = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"] as const;
const name = fc.constantFrom(...names);
const version = fc.constantFrom("1", "2", "3");
const versions = fc.array(fc.tuple(name, version), { maxLength: 12 });

function resourcesOf(of: readonly (readonly [string, string])[]): ReadonlyMap<string, Resource> {
  return new Map(
    of.map(([each, is]) => [each, { name: each, version: is, body: new Uint8Array() }] as const),
  );
}

describe("what a client holds", () => {
  it("is the same however it is kept, and no difference is missed", () => {
    const change = fc.record({
      taken: versions,
      gone: fc.array(name, { maxLength: 3 }),
      to: versions,
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
        let held: ReadonlyMap<string, string> = new Map();
        const plain = new Map<string, string>();
        for (const { taken, gone, to } of changes) {
          const resources = resourcesOf(to);
          held = heldBeside(heldAfter(held, taken, gone), resources);
          for (const [each, is] of taken) plain.set(each, is);
          for (const each of gone) plain.delete(each);
          expect(held.size).to.equal(plain.size);
          expect(new Map(held)).to.deep.equal(plain);
          expect(new Map(held.entries())).to.deep.equal(plain);
          expect(new Set(held.keys())).to.deep.equal(new Set(plain.keys()));
          expect([...held.values()].sort()).to.deep.equal([...plain.values()].sort());
          const found = new Set(mayDiffer(held, resources));
          for (const each of names) {
            expect(held.has(each)).to.equal(plain.has(each));
            if (plain.get(each) !== resources.get(each)?.version) expect(found).to.include(each);
          }
        }
      }),
    );
  });

  it("costs a node that holds all no more than what is its own", () => {
    const many = Array.from({ length: 100 }, (_, index) => [`n${index}`, "1"] as const);
    const before = resourcesOf(many);
    const after = resourcesOf([...many.slice(1), ["n0", "2"], ["more", "1"]]);
    const held = heldBeside(new Map(many), before);
    expect(knowsDifferences(held)).to.equal(true);
    expect([...mayDiffer(held, before)]).to.deep.equal([]);
    expect([...mayDiffer(held, after)].sort()).to.deep.equal(["more", "n0"]);
  });

  it("stays a list of its own for a node that holds little of it", () => {
    const many = Array.from({ length: 100 }, (_, index) => [`n${index}`, "1"] as const);
    const held = heldBeside(new Map(many.slice(0, 3)), resourcesOf(many));
    expect(knowsDifferences(held)).to.equal(false);
  });
});
