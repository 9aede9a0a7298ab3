// Where protoc is looked for, and what is said where it cannot be had.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { findProtoc } from "./protoc.ts";

describe("finding protoc", () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "smartcall-protoc-"));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  const program = (path: string, version: string): string => {
    writeFileSync(path, `#!/bin/sh\necho libprotoc ${version}\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const find = (env: Readonly<Record<string, string>> = {}, arch = "x64") =>
    findProtoc({ root, env, arch });
  const problemOf = (...args: Parameters<typeof find>): string => {
    const found = find(...args);
    return found.ok ? "" : found.problem;
  };

  it("takes the one that PROTOC names before the one of the wheel", () => {
    const bin = join(root, ".venv/lib/python3.12/site-packages/protoc/data/bin");
    mkdirSync(bin, { recursive: true });
    const wheel = program(join(bin, "protoc"), "3.20.1");
    expect(find()).to.deep.equal({ ok: true, path: wheel });
    const named = program(join(root, "protoc"), "3.20.1");
    expect(find({ PROTOC: named })).to.deep.equal({ ok: true, path: named });
  });

  it("says what to do where there is none", () => {
    expect(problemOf()).to.include("make deps").and.to.include("PROTOC");
    expect(problemOf({}, "arm64")).to.include("no arm64 build").and.to.include("committed");
  });

  it("refuses another version, and one that does not run", () => {
    const other = program(join(root, "protoc"), "29.1");
    expect(problemOf({ PROTOC: other }))
      .to.include("protoc 29.1")
      .and.to.include("3.20.1");
    expect(problemOf({ PROTOC: join(root, "nothing") })).to.include("does not run");
  });
});
