import { expect } from "chai";
import { closest } from "./closest.ts";

const known = ["name", "match", "to", "allow", "public", "timeout"];

describe("the word that was probably meant", () => {
  it("is found through a wrong, a missing, an added and two swapped letters", () => {
    expect(closest("mitch", known)).to.equal("match");
    expect(closest("alow", known)).to.equal("allow");
    expect(closest("timeouts", known)).to.equal("timeout");
    expect(closest("nmae", known)).to.equal("name");
    expect(closest("Match", known)).to.equal("match");
  });

  it("is not guessed when no word is near", () => {
    expect(closest("prices", known)).to.equal(undefined);
    expect(closest("x", known)).to.equal(undefined);
  });
});
