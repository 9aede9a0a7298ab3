// Checks every file of `cases/` against what operators are to read about it.
//
// To add a case, add `NAME.yaml` and run the test with UPDATE_CASES=1; then read
// what was written to `NAME.txt`, as a stranger would.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { expect } from "chai";
import { parse } from "yaml";
import { caseCodes } from "../codes/case.ts";
import { jsonSchema } from "../docs/json-schema.ts";
import { prettyDiagnostic } from "../pretty.ts";
import { caseFile } from "./language.ts";
import { parseCases } from "./parse-cases.ts";

const folder = fileURLToPath(new URL("../../../src/config/test-cases/cases/", import.meta.url));
const names = readdirSync(folder)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => name.replace(/\.yaml$/, ""));
const known = {
  agents: new Set(["echo", "writer", "writer-next"]),
  routes: new Set(["writing", "default:echo"]),
};

describe("each file of test cases", () => {
  for (const name of names) {
    it(`${name.replaceAll("-", " ")} is explained as agreed`, () => {
      const text = readFileSync(`${folder}${name}.yaml`, "utf8");
      const parsed = parseCases([{ name: "mesh.test.yaml", text }], known);
      const found = parsed.ok ? [] : parsed.diagnostics;
      const printed = found.map((each) => `${prettyDiagnostic(each, text)}\n`).join("\n");
      const golden = `${folder}${name}.txt`;
      if (process.env["UPDATE_CASES"] === "1") writeFileSync(golden, printed);
      expect(printed).to.equal(readFileSync(golden, "utf8"));
      expect(parsed.ok).to.equal(name.startsWith("ok-"));
    });
  }

  it("is there for every code that is not about whole files", () => {
    const shown = names.map((name) => readFileSync(`${folder}${name}.txt`, "utf8")).join();
    const missing = Object.keys(caseCodes).filter((code) => !shown.includes(code));
    expect(missing).to.deep.equal(["SC701"]);
  });

  it("passes the JSON Schema where it passes the checks, and only there", () => {
    const isValid = new Ajv({ allowUnionTypes: true }).compile(
      jsonSchema(caseFile.shape, "mesh.test.yaml"),
    );
    for (const name of names) {
      const text = readFileSync(`${folder}${name}.yaml`, "utf8");
      const value: unknown = parse(text, { merge: true });
      expect(isValid(value), `${name} ${JSON.stringify(isValid.errors)}`).to.equal(
        name.startsWith("ok-"),
      );
    }
  });
});

describe("a test case", () => {
  it("is read with all that it leaves out", () => {
    const text = readFileSync(`${folder}ok-everything.yaml`, "utf8");
    const parsed = parseCases([{ name: "mesh.test.yaml", text }], known);
    const [short, refused, long, byPath, why] = parsed.ok ? parsed.cases : [];
    expect(short).to.deep.include({
      caller: { subject: "tester", scopes: ["agents:invoke"], claims: {} },
      call: {
        method: "invoke",
        to: { door: "rest", path: "/v1/agents/writer:invoke" },
        headers: {},
        model: undefined,
      },
    });
    expect(short?.expect).to.deep.include({ kind: "answered", by: ["writer"] });
    expect(refused?.caller).to.equal(undefined);
    expect(refused?.expect).to.include({ kind: "refused", status: 401, reason: undefined });
    expect(long?.caller?.claims).to.deep.equal({
      plan: "gold",
      teams: ["red", "blue"],
      age: 7,
      admin: true,
    });
    expect(long?.call).to.deep.equal({
      method: "stream",
      to: { door: "grpc", agent: "writer" },
      headers: { "x-beta": "yes" },
      model: "small",
    });
    expect(byPath?.call.to).to.deep.equal({ door: "rest", path: "/v1/agents/echo:stream" });
    expect(why?.expect).to.include({ status: 403, reason: "SCOPE_MISSING", route: "writing" });
  });

  it("has a name of its own, in whatever file of a folder", () => {
    const text = "cases: [{ name: one, call: echo, expect: echo }]\n";
    const files = ["a.test.yaml", "b.test.yaml"].map((name) => ({ name, text }));
    const parsed = parseCases(files, known);
    const [found] = parsed.ok ? [] : parsed.diagnostics;
    expect(found?.message).to.include("the first is on a.test.yaml:1");
  });
});
