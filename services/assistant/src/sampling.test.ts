// What is chosen for a caller, and what never is.

import { expect } from "chai";
import { sampling } from "./sampling.ts";

describe("sampling", () => {
  it("is the assistant's own where the caller leaves it open, with a new seed", () => {
    expect(sampling({}, () => 42)).to.deep.equal({
      temperature: 0.2,
      topP: 0.95,
      seed: 42,
      maxTokens: 512,
    });
  });

  it("is the caller's where it is given, zeros too", () => {
    const wishes = { temperature: 0, topP: 0, seed: 0, maxTokens: 1 };
    expect(sampling(wishes, () => 42)).to.deep.equal(wishes);
  });
});
