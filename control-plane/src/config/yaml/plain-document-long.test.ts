import { expectSameAsLibrary, expectSameWithSlips } from "./same-as-library.test.ts";

describe("the quick reading of simple YAML, at length", () => {
  it("gives what the library gives, with every place, or leaves it to the library", () => {
    expectSameAsLibrary(1_000_000);
  }).timeout(1_800_000);

  it("does so for a mesh with slips of the hand", () => {
    expectSameWithSlips(200_000);
  }).timeout(1_800_000);
});
