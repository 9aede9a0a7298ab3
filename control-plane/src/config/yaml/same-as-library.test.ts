import { expect } from "chai";
import fc from "fast-check";
import { readPlainDocument } from "./plain-document.ts";
import { readByLibrary } from "./read-document.ts";

/** Compares as many random texts of lines that one might find in YAML. */
export function expectSameAsLibrary(runs: number): void {
  let read = 0;
  fc.assert(
    fc.property(first, fc.array(line, { maxLength: 5 }), (begin, lines) => {
      const text = [begin, ...lines].join("\n");
      const plain = readPlainDocument("m", text);
      if (plain === undefined) return;
      read += 1;
      expect(plain).to.deep.equal(byLibrary(text));
    }),
    { numRuns: runs },
  );
  expect(read, "texts that were simple enough").to.be.greaterThan(runs / 50);
}

/** Compares as many meshes that somebody typed into without looking. */
export function expectSameWithSlips(runs: number): void {
  const slip = fc.record({
    at: fc.nat(mesh.length),
    removed: fc.nat(2),
    typed: fc.constantFrom(
      "",
      "",
      " ",
      "  ",
      "\n",
      ":",
      ": ",
      ",",
      "-",
      "- ",
      "#",
      "'",
      '"',
      "[",
      "}",
      "\t",
      "&",
    ),
  });
  fc.assert(
    fc.property(fc.array(slip, { minLength: 1, maxLength: 3 }), (slips) => {
      const text = slips.reduce(
        (before, { at, removed, typed }) =>
          before.slice(0, at) + typed + before.slice(at + removed),
        mesh,
      );
      const plain = readPlainDocument("m", text);
      if (plain !== undefined) expect(plain).to.deep.equal(byLibrary(text));
    }),
    { numRuns: runs },
  );
}

/** The tree that the library makes of a text. Throws where the library finds anything to say. */
export function byLibrary(text: string) {
  return readByLibrary("m", text, (found) => {
    throw new Error(`${found.code} ${found.message} in ${JSON.stringify(text)}`);
  });
}

export const mesh = [
  "# The mesh of the demo.",
  "mesh: demo",
  "gateway:",
  "  https: { port: 8443, certificate: dev }  # of this machine",
  "agents:",
  "  echo:",
  "  writer: {}",
  "",
  "routes:",
  "- name: writing",
  "  match: { agent: writer, claims: { plan: [gold, 'silver plan'] } }",
  "  to:",
  "    writer: 95",
  "    echo: 5",
  "  timeout: 60s",
  "",
].join("\n");

const value = fc.constantFrom(
  ..."x|1|-1|0|007|0x1f|1e3|1.5|.5|.inf|60s|null|~|true|on|a b|a  b|a:b|a#b|a #b|# c|'a b'|\"q\"".split(
    "|",
  ),
  ..."'it''s'|{}|[]|{ a: b }|{ a: b, c: [d, 'e'] }|[a, b:c]|[a,b]|{a: b}|{ a }|[ a, ]|[a: b]|&a b|*a".split(
    "|",
  ),
  ..."a: b|a:|- a|-|? a|/v1/x:y|127.0.0.1|(a)|a;b=c|@a|a@b|!t a|>-|%a|é|'é €'|a,b|[a b, c]|{ a: b c, d: 1 }".split(
    "|",
  ),
  ...[
    "|",
    "",
    "",
    "",
    " ",
    "<<: *a",
    "null # c",
    "[]  # c",
    "'#'",
    "a, b",
    "{ a: {}, b: [] }",
    "---",
    "...",
  ],
);

const first = fc.constantFrom("k:", "k: 1", "# k", "k: {}");

const line = fc
  .tuple(
    fc.constantFrom("", "", "", "  ", "  ", "    ", " "),
    fc.constantFrom("", "", "", "- ", "-  "),
    fc.constantFrom("", "a:", "b:", "c: ", "d: ", "e: ", "f: ", "7: ", "null: ", "a b: ", "'q': "),
    value,
    fc.constantFrom("", "", "", " ", " # c"),
  )
  .map((parts) => parts.join(""));
