// Says in words what a value is, and that it should have been something else.

import { problem, type Report } from "../problem.ts";
import { hidden, looksSecret } from "../yaml/looks-secret.ts";
import type { Readable } from "../yaml/tree.ts";

/** A value in words, short and without secrets. */
export function found(tree: Readable): string {
  if (tree.kind === "mapping") {
    return "a mapping (keys with values)";
  }
  if (tree.kind === "sequence") {
    return "a list";
  }
  switch (typeof tree.value) {
    case "string":
      return tree.value === "" ? "an empty text" : `the text ${quoted(tree.value)}`;
    case "number":
    case "bigint":
      return `the number ${quoted(tree.source)}`;
    case "boolean":
      return quoted(tree.source);
    default:
      return "empty";
  }
}

/** A text as it can be shown: shortened, and left out when it may be a secret. */
export function quoted(whole: string): string {
  if (looksSecret(whole)) {
    return "(not shown)";
  }
  // Before it is cut: a part of a secret may not look like one.
  const text = hidden(whole);
  return text.length > longest ? `\`${text.slice(0, longest)}…\`` : `\`${text}\``;
}

/** Reports that a value has the wrong type. */
export function reportWrongType(
  tree: Readable,
  what: string,
  expected: string,
  advice: string,
  report: Report,
): void {
  const joined = tree.kind === "scalar" ? /^([\w-]+):(\S+)$/.exec(hidden(tree.source)) : null;
  const spaced = `After the colon comes a space: \`${joined?.[1] ?? ""}: ${joined?.[2] ?? ""}\`.`;
  const hint = joined !== null && expected === "a mapping" ? spaced : advice;
  // Of an item of a list both say the same.
  const wanted = what === expected ? "a text" : expected;
  report(problem("SC202", tree.at, { what, expected: wanted, found: found(tree), advice: hint }));
}

const longest = 40;
