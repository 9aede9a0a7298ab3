import { expect } from "chai";
import { readAsked } from "./asked.ts";

describe("What a load test is asked for", () => {
  const asked = (...args: readonly string[]) => readAsked(args, ["smoke", "spike"]);
  const why = (...args: readonly string[]): string => {
    const read = asked(...args);
    return read.kind === "wrong" ? read.why : "nothing is wrong";
  };

  it("is the list without a name, and else a run, as long as it is said", () => {
    expect(asked()).to.deep.equal({ kind: "list" });
    expect(asked("spike")).to.deep.equal({ kind: "run", name: "spike" });
    const long = { kind: "run", name: "spike", seconds: 2.5 };
    expect(asked("spike", "--seconds=2.5")).to.deep.equal(long);
  });

  it("is one scenario: of two it says how to run them", () => {
    for (const two of [["smoke", "spike"], ["smoke spike"]]) {
      expect(why(...two)).to.contain("make load SCENARIO=smoke, then make load SCENARIO=spike");
    }
  });

  it("is nothing that it does not know", () => {
    expect(why("storm")).to.match(/There is no scenario storm/);
    expect(why("toString")).to.match(/There is no scenario toString/);
    expect(why("smoke", "--bogus")).to.match(/Unknown option '--bogus'/);
    expect(why("smoke", "--seconds")).to.match(/--seconds/);
    for (const wrong of ["0", "-1", "soon", "", "Infinity"]) {
      expect(why("smoke", `--seconds=${wrong}`)).to.match(/^SECONDS is to be a number above 0/);
    }
  });
});
