// Checks every file of `cases/` against what operators are to read about it.
//
// To add a case, add `NAME.yaml` and run the test with UPDATE_CASES=1; then read
// what was written to `NAME.txt`, as a stranger would.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { codes, type Kind } from "./codes.ts";
import { parseMesh } from "./parse-mesh.ts";
import { prettyDiagnostic } from "./pretty.ts";

const folder = fileURLToPath(new URL("../../src/config/cases/", import.meta.url));
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.replace(/\.yaml$/, ""));

/** What the text of a mesh.yaml alone cannot show. */
const elsewhere: ReadonlySet<Kind> = new Set(["case", "file", "gateway"]);

/** What takes several files, or thousands of agents. */
const long: ReadonlySet<string> = new Set(["SC407", "SC431"]);

describe("each case of a mesh.yaml", () => {
  for (const name of names) {
    it(`${name.replaceAll("-", " ")} is explained as agreed`, () => {
      const text = readFileSync(`${folder}${name}.yaml`, "utf8");
      const parsed = parseMesh([{ name: "mesh.yaml", text }]);
      const printed = parsed.diagnostics.map((each) => `${prettyDiagnostic(each, text)}\n`);
      const golden = `${folder}${name}.txt`;
      if (process.env["UPDATE_CASES"] === "1") {
        writeFileSync(golden, printed.join("\n"));
      }
      expect(printed.join("\n")).to.equal(readFileSync(golden, "utf8"));
      expect(parsed.ok).to.equal(name.startsWith("ok-"));
    });
  }

  it("is there for every code that is not about whole files", () => {
    const shown = names.map((name) => readFileSync(`${folder}${name}.txt`, "utf8")).join();
    const missing = Object.entries(codes)
      .filter(
        ([code, { kind }]) => !elsewhere.has(kind) && !long.has(code) && !shown.includes(code),
      )
      .map(([code]) => code);
    expect(missing).to.deep.equal([]);
  });

  it("has no secret in what is printed", () => {
    for (const name of names.filter((each) => /secret|identity/.test(each))) {
      const printed = readFileSync(`${folder}${name}.txt`, "utf8");
      expect(printed).to.not.match(/sk-(abc|proj)|AKIA|eyJ|hunter2|BEGIN/);
    }
  });
});
