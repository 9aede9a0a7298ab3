import { expect } from "chai";
import { readBenchArguments } from "./bench-arguments.ts";
import { rowIds } from "./row-types.ts";

describe("the words that the bench is called with", () => {
  const read = (...argv: readonly string[]) => readBenchArguments(argv, ["agent", "quota"], 3);
  const problem = (...argv: readonly string[]): string => {
    const found = read(...argv);
    return found.ok ? "" : found.problem;
  };

  it("name rows and rounds of the comparison, or parts", () => {
    const all = { kind: "compare", rounds: 3, rows: rowIds };
    expect(read()).to.deep.equal({ ok: true, value: all });
    const some = { kind: "compare", rounds: 9, rows: ["direct", "edge"] };
    expect(read("--rounds=9", "--only=edge,direct")).to.deep.equal({ ok: true, value: some });
    const parts = { kind: "parts", parts: ["quota", "agent"] };
    expect(read("quota", "agent")).to.deep.equal({ ok: true, value: parts });
  });

  it("ask for the usage", () => {
    const found = read("--help");
    const told = found.ok && found.value.kind === "help" ? found.value.usage : "";
    expect(told).to.match(/^Usage: .*parts: agent, quota\n.*rows: direct, /s);
  });

  it("are refused with the usage where they are odd", () => {
    expect(problem("--bogus")).to.match(/--bogus.*\nUsage: /s);
    expect(problem("--rounds")).to.match(/--rounds.*\nUsage: /s);
    for (const rounds of ["", "0", "-1", "1.5", "many"]) {
      const told = `--rounds is to be a whole number from 1, not "${rounds}".\nUsage: `;
      expect(problem(`--rounds=${rounds}`)).to.contain(told);
    }
    expect(problem("--only=edge,fast")).to.match(/^There is no row "fast"\.\nUsage: /);
    expect(problem("quota", "models")).to.match(/^There is no part models\.\nUsage: /);
  });

  it("are refused where a part would ignore them", () => {
    expect(problem("quota", "--rounds=9")).to.match(/^--rounds is of the comparison/);
    expect(problem("agent", "--only=edge")).to.match(/^--only is of the comparison/);
  });
});
