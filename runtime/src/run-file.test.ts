import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { readRun, removeRun, runFile, writeRun } from "./run-file.ts";

describe("run.json", () => {
  let folder: string;
  const run = {
    pid: 7,
    mesh: "demo",
    meshFile: "/m/mesh.yaml",
    url: "https://localhost:8443",
    controlPlane: "127.0.0.1:18000",
    admin: "127.0.0.1:9000",
    envoyAdmin: "127.0.0.1:9901",
    ca: "/m/ca.pem",
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "run-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("is read as it was written, by its owner only, and leaves nothing else", () => {
    writeRun(folder, run);
    expect(readRun(folder)).to.deep.equal(run);
    expect(statSync(runFile(folder)).mode & 0o777).to.equal(0o600);
    expect(readdirSync(folder)).to.deep.equal(["run.json"]);
  });

  it("is not there once removed", () => {
    writeRun(folder, run);
    removeRun(folder);
    removeRun(folder);
    expect(readRun(folder)).to.equal(undefined);
  });

  for (const content of ["", "null", '{"pid":1}', '{"pid":"1","mesh":"demo"}']) {
    it(`is not taken from ${JSON.stringify(content)}`, () => {
      writeFileSync(runFile(folder), content);
      expect(readRun(folder)).to.equal(undefined);
    });
  }
});
