// Turns the text of one file into a tree, with everything that is wrong with the text.

import { LineCounter, parseDocument } from "yaml";
import type { Origin } from "../../source/origin.ts";
import { problem, type Report } from "../problem.ts";
import { buildTree } from "./build-tree.ts";
import { readPlainDocument } from "./plain-document.ts";
import { reportSyntax } from "./syntax.ts";
import type { Tree } from "./tree.ts";

/** How deep values may be nested. */
export const maxDepth = 64;

/** How many values a file may have, with its aliases written out. */
export const maxValues = 1_000_000;

/**
 * Reads one file as YAML 1.2 (core schema, with merge keys).
 *
 * Nothing comes back when the text is so broken that what follows from it would
 * only confuse; `report` was then told why.
 */
export function readDocument(file: string, text: string, report: Report): Tree | undefined {
  const plain = mostValues(text) <= maxValues ? readPlainDocument(file, text) : undefined;
  return plain ?? readByLibrary(file, text, report);
}

/** No fewer than the values of a text without aliases: each follows a colon, a comma, a bracket or a line. */
function mostValues(text: string): number {
  if (text.length <= 2 * maxValues) return 0;
  let count = 1;
  for (let index = 0; index < text.length; index++) {
    if (isBeforeValue(text.charCodeAt(index))) count++;
  }
  return count;
}

function isBeforeValue(code: number): boolean {
  // Colon, comma, bracket, end of line, dash.
  return code === 58 || code === 44 || code === 91 || code === 10 || code === 45;
}

/** Reads what `readPlainDocument` does not, and finds all that is wrong. */
export function readByLibrary(file: string, text: string, report: Report): Tree | undefined {
  const lines = new LineCounter();
  const at = (offset: number): Origin => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = parse(text, lines);
  // The library recurses into nested values, until it can no more.
  const tooDeep = document.errors.find(({ code }) => code === "RESOURCE_EXHAUSTION");
  if (tooDeep !== undefined) {
    report(problem("SC111", at(tooDeep.pos[0]), { limit: String(maxDepth) }));
    return undefined;
  }
  if (!reportSyntax(document, text, at, report)) {
    return undefined;
  }
  if (document.contents === null || /^[\s\uFEFF]*$/.test(text)) {
    report(problem("SC107", { file, line: 1, column: 1 }, {}));
    return undefined;
  }
  return buildTree(document.contents, at, report, { depth: maxDepth, values: maxValues });
}

function parse(text: string, lines: LineCounter) {
  return parseDocument(text, {
    version: "1.2",
    schema: "core",
    merge: true,
    intAsBigInt: false,
    // Found in the tree, where both places are known; the library's way is quadratic.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: "error",
    lineCounter: lines,
  });
}
