import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Ajv } from "ajv";
import { expect } from "chai";
import { parse } from "yaml";
import { codes } from "../codes.ts";
import { mesh } from "../language/mesh.ts";
import { parseMesh } from "../parse-mesh.ts";
import { generatedDocuments } from "./documents.ts";
import { jsonSchema } from "./json-schema.ts";

const docs = fileURLToPath(new URL("../../../../docs", import.meta.url));
const cases = fileURLToPath(new URL("../../../src/config/cases/", import.meta.url));

describe("the documents of the language", () => {
  it("are what the language says; else run node control-plane/dist/config/write-docs.js", async () => {
    for (const { path, text } of await generatedDocuments(docs)) {
      expect(readFileSync(path, "utf8"), path).to.equal(text);
    }
  });

  it("explain every code", () => {
    const errors = readFileSync(`${docs}/errors.md`, "utf8");
    for (const code of Object.keys(codes)) {
      expect(errors).to.match(new RegExp(`^### ${code}\\b`, "m"));
    }
  });

  it("pass the mesh.yaml of the demo", () => {
    const text = readFileSync(`${docs}/../mesh.yaml`, "utf8");
    expect(parseMesh([{ name: "mesh.yaml", text }]).diagnostics).to.deep.equal([]);
  });
});

describe("the JSON Schema", () => {
  const isValid = new Ajv({ allowUnionTypes: true }).compile(jsonSchema(mesh.shape, "mesh.yaml"));

  it("takes every file that the checks take", () => {
    for (const name of readdirSync(cases).filter((each) => /^ok-.*\.yaml$/.test(each))) {
      const value: unknown = parse(readFileSync(cases + name, "utf8"), { merge: true });
      expect(isValid(value), `${name} ${JSON.stringify(isValid.errors)}`).to.equal(true);
    }
  });

  it("refuses unknown keys, wrong types, bad names and what is not supported yet", () => {
    for (const name of ["many-mistakes", "not-yet", "schema-a-list", "schema-names-and-types"]) {
      const value: unknown = parse(readFileSync(`${cases}${name}.yaml`, "utf8"), {
        uniqueKeys: false,
      });
      expect(isValid(value), name).to.equal(false);
    }
  });
});
