// A program in one file does what its modules do, and is run only while it is of them.
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { bundleOf, programFile } from "@smartcall/control-plane/dist/cli/up/program-file.js";
import { expect } from "chai";
import { makeBundle } from "../ci/bundle.ts";

describe("a program's bundle", () => {
  let folder: string;
  let main: string;
  const write = (file: string, lines: readonly string[]): void => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), lines.join("\n"));
  };
  const printed = (file: string): string =>
    execFileSync(process.execPath, [file], { encoding: "utf8" });
  /** What is written from here on is later than what was, by the clock of files. */
  const later = (): Promise<void> => setTimeout(20);

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "smartcall-test-"));
    main = join(folder, "dist/main.js");
    write("package.json", ['{ "type": "module" }']);
    write("dist/main.js", [
      'import { readFileSync } from "node:fs";',
      'import { word } from "../part/word.js";',
      'import place from "../part/place.cjs";',
      "console.log(word, place.folder, place.file, import.meta.dirname);",
      'console.log(readFileSync(new URL("../beside.txt", import.meta.url), "utf8"));',
    ]);
    write("part/place.cjs", ["module.exports = { folder: __dirname, file: __filename };"]);
    write("part/word.js", ['export const word = "one";']);
    write("beside.txt", ["beside"]);
    await later();
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("prints what the modules print, which find what lies beside them", async () => {
    const expected = printed(main);
    expect(expected).to.include("one").and.include("beside").and.include(join(folder, "part"));
    await makeBundle(main);
    const bundle = programFile(main, {});
    expect(bundle).to.equal(bundleOf(main).file);
    rmSync(join(folder, "part"), { recursive: true });
    expect(printed(bundle)).to.equal(expected);
  });

  it("is run no more once a module changed, until it was made again", async () => {
    expect(await makeBundle(main)).to.equal(true);
    expect(await makeBundle(main)).to.equal(false);
    await later();
    write("part/word.js", ['export const word = "two";']);
    expect(programFile(main, {})).to.equal(main);
    await later();
    expect(await makeBundle(main)).to.equal(true);
    expect(programFile(main, {})).to.equal(bundleOf(main).file);
    expect(printed(bundleOf(main).file)).to.include("two");
  });

  it("is not there where a module cannot be read, nor anything else", async () => {
    write("part/word.js", ["export const word ="]);
    const problem = await makeBundle(main).catch(String);
    expect(problem).to.include("word.js:1:19");
    expect(readdirSync(dirname(bundleOf(main).file))).to.deep.equal([]);
    expect(programFile(main, {})).to.equal(main);
  });

  it("tells of a bug by module and line, where Node is asked to", async () => {
    write("part/word.js", ["", "export const word = undefined.length;"]);
    await later();
    await makeBundle(main);
    const args = ["--enable-source-maps", programFile(main, {})];
    const { stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect(stderr).to.include(`${join(folder, "part/word.js")}:2:`);
  });
});
