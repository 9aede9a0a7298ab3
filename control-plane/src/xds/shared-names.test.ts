import { expect } from "chai";
import { sharedNames } from "./shared-names.ts";

describe("names that nodes ask for", () => {
  it("are one set for all that ask for the same, in the same order", () => {
    const one = sharedNames(new Set(["one-a", "one-b", "one-c"]));
    expect(sharedNames(new Set(["one-a", "one-b", "one-c"]))).to.equal(one);
    for (const other of [
      ["one-a", "one-b"],
      ["one-a", "one-b", "one-d"],
      ["one-b", "one-a", "one-c"],
      ["one-a", "one-b", "one-c", "one-d"],
    ]) {
      const set = new Set(other);
      expect(sharedNames(set)).to.equal(set);
    }
  });

  it("are forgotten once others were asked for since", () => {
    const one = sharedNames(new Set(["x", "y"]));
    for (let other = 0; other < 4; other++) sharedNames(new Set(["x", `${other}`]));
    expect(sharedNames(new Set(["x", "y"]))).to.not.equal(one);
  });
});
