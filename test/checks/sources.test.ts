// The shape of our own code, where the linter has no rule for it.
import { expect } from "chai";
import { readSources, type SourceFile } from "./repository.ts";

/** Spells a word so that this file does not hold it. */
const word = (...parts: readonly string[]): string => parts.join("");

const hushed = new RegExp(
  [
    word("biome-", "ignore"),
    word("@ts-", "(?:ignore|nocheck|expect-error)"),
    word("(?:c8|v8|istanbul) ", "ignore"),
    word("eslint-", "disable"),
  ].join("|"),
);
const skipped = new RegExp(
  word(
    "\\bthis\\.",
    "skip\\(|\\b(?:describe|it|context)\\.",
    "(?:skip|only)\\(|\\bx(?:it|describe)\\(",
  ),
);
const unfinished = new RegExp(word("\\b(?:TO", "DO|FIX", "ME|XX", "X)\\b"));

describe("our code", () => {
  const sources = readSources();

  it("is there to be checked", () => {
    expect(sources.length).to.be.greaterThan(50);
  });

  it("has no file of more than 300 lines", () => {
    const long = sources.filter(({ text }) => text.split("\n").length > 301);
    expect(long.map(({ path }) => path)).to.deep.equal([]);
  });

  it("begins each file but tests with a comment that says its one job", () => {
    const files = sources.filter(({ path }) => !path.endsWith(".test.ts"));
    const silent = files.filter(({ text }) => !/^(?:#!.*\n)?(?:\/\/ \S|\/\*\* ?\S)/.test(text));
    expect(silent.map(({ path }) => path)).to.deep.equal([]);
  });

  it("silences no tool", () => {
    expect(linesWith(sources, hushed)).to.deep.equal([]);
  });

  it("skips no test and runs none alone", () => {
    expect(linesWith(sources, skipped)).to.deep.equal([]);
  });

  it("leaves nothing for later", () => {
    expect(linesWith(sources, unfinished)).to.deep.equal([]);
  });
});

function linesWith(sources: readonly SourceFile[], pattern: RegExp): readonly string[] {
  return sources.flatMap(({ path, text }) =>
    text
      .split("\n")
      .flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
      ),
  );
}
