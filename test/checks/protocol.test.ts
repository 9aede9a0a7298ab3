// docs/protocol.md names every behaviour of the protocol, and each of them has a test where it says.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { listFiles, root } from "./repository.ts";

const page = readFileSync(join(root, "docs/protocol.md"), "utf8");
const [built = "", notBuilt = ""] = page.split("## Not built");

describe("docs/protocol.md", () => {
  it("names a behaviour for each number of a test, and a test for each number", () => {
    const tested = new Set([...numbersOfTests().values()].flatMap((numbers) => [...numbers]));
    expect([...rows(built).keys()].sort()).to.deep.equal([...tested].sort());
  });

  it("says of each behaviour where its tests are", () => {
    const numbers = numbersOfTests();
    for (const [number, files] of rows(built)) {
      expect(files, number).to.not.deep.equal([]);
      for (const file of files)
        expect(numbers.get(file)?.has(number), `${number} in ${file}`).to.equal(true);
    }
  });

  it("says of each behaviour which section says so, or that it is ours", () => {
    const numbers = [...rows(built).keys()].filter((number) => number.startsWith("A"));
    const said = built.matchAll(/^\| (A\d\d) \|[^|]+\|([^|]*)\|/gm);
    const sections = new Map([...said].map(([, number = "", cell = ""]) => [number, cell.trim()]));
    expect([...sections.keys()]).to.deep.equal(numbers);
    for (const [number, cell] of sections) {
      expect(cell, number).to.match(/^ours$|^\[.+\]\(https:\/\/www\.envoyproxy\.io\/\S+#\S+\)$/);
    }
  });

  it("says what is not built", () => {
    expect([...rows(notBuilt).keys()]).to.deep.equal(["A61", "A63", "A64", "A65"]);
  });

  it("leaves out no number of the list that we follow", () => {
    const numbers = [...rows(page).keys()].sort();
    expect(numbers).to.deep.equal([...behaviours, ...bugs].sort());
  });
});

/** A first and a last number of each part of the list. */
const parts = [
  [1, 9],
  [10, 17],
  [20, 26],
  [30, 40],
  [50, 58],
  [60, 66],
  [70, 74],
  [80, 86],
  [90, 95],
] as const;
const numbered = (letter: string, first: number, last: number): readonly string[] =>
  Array.from({ length: last - first + 1 }, (_, i) => `${letter}${`${first + i}`.padStart(2, "0")}`);
const behaviours = parts.flatMap(([first, last]) => numbered("A", first, last));
const bugs = numbered("B", 1, 18);

/** The number of each row, and the files that it links to. */
function rows(text: string): ReadonlyMap<string, readonly string[]> {
  return new Map(
    [...text.matchAll(/^\| ([AB]\d\d) \|(.*)$/gm)].map(([, number = "", rest = ""]) => [
      number,
      [...rest.matchAll(/\]\(\.\.\/([^)]+\.ts)\)/g)].map(([, file = ""]) => file),
    ]),
  );
}

/** Of each file, the numbers that names of its tests begin with. */
function numbersOfTests(): ReadonlyMap<string, ReadonlySet<string>> {
  const files = listFiles().filter((path) => path.endsWith(".test.ts"));
  return new Map(
    files.map((path) => {
      const text = readFileSync(join(root, path), "utf8");
      const names = [...text.matchAll(/\b(?:it|describe)\(\s*["`]((?:[AB]\d\d )+)/g)];
      return [path, new Set(names.flatMap(([, numbers = ""]) => numbers.trim().split(" ")))];
    }),
  );
}
