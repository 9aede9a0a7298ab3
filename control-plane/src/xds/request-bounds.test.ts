import { expect } from "chai";
import type { Request } from "./request.ts";
import { excessIn, longestName, mostNames } from "./request-bounds.ts";

const request = (more: Partial<Request>): Request => ({
  node: { id: "edge", cluster: "gateway", version: "1.40.0" },
  typeUrl: "type",
  subscribe: [],
  unsubscribe: [],
  initialVersions: new Map(),
  nonce: "",
  refusal: undefined,
  ...more,
});

const names = (count: number): string[] => Array.from({ length: count }, (_, index) => `n${index}`);

describe("the bounds of a request", () => {
  it("take what a large mesh needs", () => {
    const initialVersions = new Map(names(mostNames).map((name) => [name, "1"]));
    const subscribe = names(mostNames);
    expect(excessIn(request({ subscribe, initialVersions }), 0)).to.equal(undefined);
    expect(excessIn(request({ subscribe: ["x".repeat(longestName)] }), 0)).to.equal(undefined);
  });

  it("refuse too many names in one request, and too many that were asked for one by one", () => {
    const tooMany = names(mostNames + 1);
    expect(excessIn(request({ subscribe: tooMany }), 0)).to.match(/100000 names/);
    expect(excessIn(request({ unsubscribe: tooMany }), 0)).to.match(/100000 names/);
    const initialVersions = new Map(tooMany.map((name) => [name, "1"]));
    expect(excessIn(request({ initialVersions }), 0)).to.match(/100000 names/);
    expect(excessIn(request({ subscribe: ["a"] }), mostNames)).to.match(/100000 names/);
  });

  it("refuse names, and ids of nodes, that are too long", () => {
    const long = "x".repeat(longestName + 1);
    for (const each of [
      request({ subscribe: ["a", long] }),
      request({ unsubscribe: [long] }),
      request({ initialVersions: new Map([[long, "1"]]) }),
      request({ node: { id: long, cluster: "gateway", version: "" } }),
      request({ node: { id: "edge", cluster: long, version: "" } }),
    ]) {
      expect(excessIn(each, 0)).to.match(/1024 characters/);
    }
  });
});
