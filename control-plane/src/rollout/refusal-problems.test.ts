import { expect } from "chai";
import { parseMesh } from "../config/index.ts";
import { refusalProblems } from "./refusal-problems.ts";
import type { Refusal } from "./rollout.ts";
import type { Version } from "./version.ts";

const text = "mesh: demo\nagents:\n  echo: {}\n";
const at = { file: "mesh.yaml", line: 3, column: 3 };

function versionOf(): Version {
  const files = [{ name: "mesh.yaml", text }];
  const parsed = parseMesh(files);
  if (!parsed.ok) return expect.fail(JSON.stringify(parsed.diagnostics));
  return {
    config: parsed.config,
    from: { files, hash: "1", at: new Date(0) },
    restored: false,
    warnings: [],
    asked: { who: "local", what: "apply" },
    named: () => expect.fail("nobody asks for it"),
    close: async () => undefined,
  };
}

describe("a refusal in words", () => {
  const resource = { type: "route", name: "edge", message: "the sum is too large" };
  const refusal: Refusal = { by: "gateway", node: "g2", resources: [resource], part: 0 };

  it("shows the line that caused it", () => {
    const [problem] = refusalProblems(versionOf(), refusal, [at], []);
    expect(problem).to.match(/^mesh\.yaml:3:3 error SC801 .*g2 .*the sum is too large\./);
    expect(problem).to.include("   3 |   echo: {}").and.to.include("Every gateway has what it had");
  });

  it("blames no line where none was found", () => {
    const [problem] = refusalProblems(versionOf(), refusal, [undefined], []);
    expect(problem).to.match(/^mesh\.yaml error SC805 .*g2 .*the sum is too large\. Which line/);
    expect(problem).to.not.include("mesh: demo").and.not.include(":1");
  });

  it("says how long nobody answered, and blames no line for it", () => {
    const silence: Refusal = { by: "silence", nodes: ["a", "b"], ms: 23_400 };
    const [problem] = refusalProblems(versionOf(), silence, [], []);
    expect(problem).to.match(/^mesh\.yaml error SC802 No gateway has answered within 23 s: a, b\./);
  });

  it("does not say that every gateway is back where one is not, but which, and why", () => {
    const lost = { type: "listener", name: "edge", message: "the port is taken\n" };
    const astray = [
      { node: "g2", resources: [lost] },
      { node: "g3", resources: [] },
    ];
    const problems = refusalProblems(versionOf(), refusal, [at], astray);
    expect(problems.join()).to.not.include("Every gateway has");
    expect(problems.slice(1).map((problem) => problem.split("\n")[0])).to.deep.equal([
      "mesh.yaml error SC806 The gateway g2 is not back on what it had before: it refuses the listener `edge`: the port is taken.",
      "mesh.yaml error SC806 The gateway g3 is not back on what it had before: it has not answered.",
    ]);
  });
});
