import { expect } from "chai";
import type { Diagnostic } from "./diagnostic.ts";
import { mostShown, shownProblems } from "./shown-problems.ts";

const found = (line: number, severity: Diagnostic["severity"], code: string): Diagnostic => ({
  code,
  severity,
  at: { file: "mesh.yaml", line, column: 1 },
  message: "",
});
const show = ({ at, code }: Diagnostic): string => `${at.line} ${code}`;

describe("many problems", () => {
  it("are all shown while they can be read", () => {
    const all = Array.from({ length: mostShown }, (_, line) => found(line, "error", "SC401"));
    expect(shownProblems(all, show)).to.have.length(mostShown);
  });

  it("are cut to the first, errors before warnings, and counted", () => {
    const all = Array.from({ length: 3_000 }, (_, line) =>
      line < 1_500 ? found(line, "warning", "SC428") : found(line, "error", "SC401"),
    );
    const shown = shownProblems(all, show);
    expect(shown).to.have.length(mostShown + 1);
    expect(shown[0]).to.equal("1500 SC401");
    expect(shown.at(-1)).to.equal(
      "There are 2,900 more: 1,500 of SC428, 1,400 of SC401; `smartcall validate --json` lists all.",
    );
  });
});
