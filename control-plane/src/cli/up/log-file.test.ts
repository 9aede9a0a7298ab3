import { closeSync, mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { boundLog, lastWords, logSize, openLog } from "./log-file.ts";

describe("a log file", () => {
  let folder: string;
  let file: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "log-"));
    file = join(folder, "echo.log");
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  it("is set aside when it is too long, and its writer goes on at the start of an empty one", () => {
    const fd = openLog(file);
    writeSync(fd, "a".repeat(100));
    boundLog(file, 100);
    expect(logSize(file)).to.equal(100);
    writeSync(fd, "b");
    boundLog(file, 100);
    writeSync(fd, "c");
    closeSync(fd);
    expect(readFileSync(file, "utf8")).to.equal("c");
    expect(readFileSync(`${file}.1`, "utf8")).to.equal(`${"a".repeat(100)}b`);
  });

  it("may be missing", () => {
    boundLog(file);
    expect(logSize(file)).to.equal(0);
    expect(lastWords(file, 0)).to.equal(undefined);
  });

  const cases: readonly (readonly [string, string, string | undefined])[] = [
    ["nothing", "", undefined],
    [
      "the last warning or worse of JSON lines",
      '{"level":"info","msg":"a"}\n{"level":"error","msg":"b","err":{"message":"c"}}\n{"level":"info","msg":"d"}\n',
      "b: c",
    ],
    ["a level as Envoy names it", '{"level":"critical","msg":"cannot bind"}\n', "cannot bind"],
    [
      "nothing where all it said is that all is well",
      '{"level":"info","msg":"ready"}\n',
      undefined,
    ],
    [
      "an exception's message rather than its stack",
      "file:///a.js:1\nthrow new Error()\n^\n\nError: no model here\n    at run (a.js:1:2)\n\nNode.js v20.19.0\n",
      "Error: no model here",
    ],
    ["the last plain line", "one\ntwo\n", "two"],
    ["nothing of a line that is cut off", '{"level":"er', undefined],
  ];
  for (const [what, text, words] of cases) {
    it(`has as its last words ${what}`, () => {
      writeFileSync(file, text);
      expect(lastWords(file, 0)).to.equal(words);
    });
  }

  it("is searched only from where a process began, and from the end of a long one", () => {
    writeFileSync(file, `before\n${"x\n".repeat(40_000)}after\n`);
    expect(lastWords(file, 0)).to.equal("after");
    expect(lastWords(file, logSize(file))).to.equal(undefined);
  });

  it("gives no part of a line as last words, however long the log is", () => {
    writeFileSync(file, '{"level":"info","traceId":"b7d0","msg":"a call"}\n'.repeat(2_000));
    for (let offset = 0; offset < 100; offset++) {
      expect(lastWords(file, logSize(file) - offset), `${offset}`).to.equal(undefined);
    }
    expect(lastWords(file, 0)).to.equal(undefined);
  });

  it("is searched from its start where it was set aside since", () => {
    writeFileSync(file, "Error: no room\n");
    expect(lastWords(file, 10_000)).to.equal("Error: no room");
  });
});
