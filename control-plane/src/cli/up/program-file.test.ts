// A bundle is run only where nothing that it was made from has changed.

import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { bundleOf, programFile } from "./program-file.ts";

describe("the file that Node runs for a program", () => {
  const folder = mkdtempSync(join(tmpdir(), "smartcall-test-"));
  const main = join(folder, "main.js");
  const { file, madeFrom } = bundleOf(main);
  const begun = 1_700_000_000;
  const write = (path: string, text: string, changed: number): void => {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    utimesSync(path, changed, changed);
  };

  beforeEach(() => {
    write(main, "", begun - 1);
    write(file, "", begun);
    write(madeFrom, JSON.stringify(["../main.js"]), begun);
  });

  after(() => rmSync(folder, { recursive: true }));

  it("is its bundle", () => {
    expect(programFile(main, {})).to.equal(file);
  });

  it("is its main module where there is no bundle", () => {
    rmSync(file);
    expect(programFile(main, {})).to.equal(main);
  });

  it("is its main module where a module changed since the bundle was begun, or is gone", () => {
    utimesSync(main, begun, begun);
    expect(programFile(main, {})).to.equal(main);
    rmSync(main);
    expect(programFile(main, {})).to.equal(main);
  });

  it("is its main module where nothing tells what the bundle was made from", () => {
    for (const list of ["", "[]", "{}"]) {
      writeFileSync(madeFrom, list);
      expect(programFile(main, {}), list).to.equal(main);
    }
    rmSync(madeFrom);
    expect(programFile(main, {})).to.equal(main);
  });

  it("is its main module where it is measured which lines are run", () => {
    expect(programFile(main, { NODE_V8_COVERAGE: "coverage" })).to.equal(main);
  });
});
