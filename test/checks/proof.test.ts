import { expect } from "chai";
import { builtWithout } from "../proof/mutant.ts";
import { mutations } from "../proof/mutations.ts";

describe("what `make test-long` switches off", () => {
  it("is there once in what is built, or nothing would be proved", () => {
    const stale = mutations.flatMap((mutation) => {
      try {
        builtWithout(mutation);
        return [];
      } catch (error) {
        return [`${mutation.of.join(" ")}, ${mutation.file}: ${String(error)}`];
      }
    });
    expect(stale).to.deep.equal([]);
    expect(mutations).not.to.deep.equal([]);
  });
});
