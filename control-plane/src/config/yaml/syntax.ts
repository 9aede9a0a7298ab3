// Says what is wrong with the YAML itself, in words for a reader who is not a parser.

import { type Document, isCollection, isScalar, type Node, visit, type YAMLError } from "yaml";
import type { Origin } from "../../source/origin.ts";
import { problem, type Report } from "../problem.ts";

/**
 * Reports each line's first syntax error.
 *
 * True when the rest of the document can still be trusted and is worth checking.
 */
export function reportSyntax(
  document: Document.Parsed,
  text: string,
  at: (offset: number) => Origin,
  report: Report,
): boolean {
  const conflict = conflictIn(document, text);
  if (conflict !== undefined) {
    report(
      problem("SC101", at(conflict), {
        problem: "Git has left a merge conflict here",
        advice: "Keep one of the two sides, and remove the lines that begin with <, = and >.",
      }),
    );
    return false;
  }
  let trusted = true;
  const lines = new Set<number>();
  for (const error of [...document.errors, ...document.warnings]) {
    trusted &&= harmless.has(error.code);
    const offset = whereToLook(document, error, text);
    const place = at(offset);
    if (lines.has(place.line)) {
      continue;
    }
    lines.add(place.line);
    report(describe(error, text, offset, place));
    // What is left after these is read wrongly from here on, so it would only confuse.
    if (!harmless.has(error.code)) {
      break;
    }
  }
  return trusted;
}

/** Where a merge that failed begins; only of a text that is no YAML, for a long text may quote one. */
function conflictIn({ errors }: Document.Parsed, text: string): number | undefined {
  const offset = errors.length === 0 ? -1 : text.search(/^<{7} /m);
  return offset < 0 ? undefined : offset;
}

/** After these, the parser knows as well as before where it is. */
const harmless: ReadonlySet<string> = new Set([
  "BAD_DQ_ESCAPE",
  "KEY_OVER_1024_CHARS",
  "TAG_RESOLVE_FAILED",
]);

function describe(error: YAMLError, text: string, offset: number, at: Origin) {
  switch (error.code) {
    case "TAB_AS_INDENT":
      return problem("SC103", at, {});
    case "MULTIPLE_DOCS":
      return problem("SC104", at, {});
    case "TAG_RESOLVE_FAILED":
      return problem("SC109", at, { tag: text.slice(error.pos[0], error.pos[1]).trim() });
    default: {
      const said = sayings.find(({ of }) => of.test(`${error.code} ${error.message}`));
      return problem("SC101", at, {
        problem: said?.problem(text.charAt(offset)) ?? lowerFirst(error.message),
        advice:
          said?.advice ??
          "Compare this line, and the one above it, with the examples in docs/mesh-yaml.md.",
      });
    }
  }
}

interface Saying {
  /** Fits the library's code and message. */
  readonly of: RegExp;
  readonly problem: (character: string) => string;
  readonly advice: string;
}

const quotes = 'Put the whole text into quotes, such as "it\'s: here".';

const sayings: readonly Saying[] = [
  {
    of: /Missing closing .quote/,
    problem: () => "this quote is never closed",
    advice: "Close it, on the same line.",
  },
  {
    of: /Flow (map|sequence) .*(end with|indented)|Expected flow .* to end|closing (bracket|\]|\})/,
    problem: (character) => `this \`${character}\` is never closed`,
    advice: "Close it with the bracket that belongs to it: { with }, [ with ].",
  },
  {
    of: /block sequence may not be used as an implicit map key/,
    problem: () => "an item of a list stands here, among keys",
    advice: "Write the key that the list belongs to above its first item.",
  },
  {
    of: /BLOCK_AS_IMPLICIT_KEY/,
    problem: () => "a second `key: value` stands on the same line",
    advice: `Put it on a line of its own, or, if it is one text: ${lowerFirst(quotes)}`,
  },
  {
    of: /BLOCK_IN_FLOW|[Bb]lock collections are not allowed/,
    problem: () => "a colon stands where a comma or a bracket was expected",
    advice: `A comma is missing before this; or, if it is one text: ${lowerFirst(quotes)}`,
  },
  {
    of: /MULTILINE_IMPLICIT_KEY/,
    problem: () => "this line has no colon",
    advice: "Write `key: value`; there is a space after the colon.",
  },
  {
    of: /Sequence item without - indicator/,
    problem: () => "this line is not indented like the keys of its list item",
    advice: "Let every key of a list item begin in the column of its first key, after the `- `.",
  },
  {
    of: /All (mapping|sequence|collection) items must start at the same column|BAD_INDENT/,
    problem: () => "this line is indented neither like its neighbours nor like a level above",
    advice: "Let all keys of one mapping, and all dashes of one list, begin in the same column.",
  },
  {
    of: /BAD_SCALAR_START/,
    problem: (character) => `a text cannot begin with \`${character}\``,
    advice: quotes,
  },
  {
    of: /BAD_DQ_ESCAPE/,
    problem: () => "this backslash means nothing in double quotes",
    advice: "Use single quotes, or write the backslash twice.",
  },
  {
    of: /Unexpected scalar at node end/,
    problem: () => "nothing may follow the value here",
    advice:
      "A text with quotes inside goes into quotes of the other kind, and a key needs a colon and a space.",
  },
  {
    of: /Missing , |MISSING_CHAR.*,/,
    problem: () => "a comma is missing before this",
    advice: "Separate what stands in brackets by commas.",
  },
  {
    of: /Missing space|separated by|MISSING_CHAR/,
    problem: () => "a space or a sign is missing here",
    advice: "After a colon, a dash or a comma comes a space.",
  },
];

/** An unclosed bracket or quote is best shown where it was opened. */
function whereToLook(document: Document.Parsed, error: YAMLError, text: string): number {
  if (/^A block sequence/.test(error.message)) {
    // It names what stands before the item: a line break, or comments.
    const item = /^( *)-\s/m.exec(text.slice(error.pos[0]));
    return error.pos[0] + (item === null ? 0 : item.index + (item[1] ?? "").length);
  }
  if (!/^Flow |Missing closing|Expected flow/.test(error.message)) {
    return error.pos[0];
  }
  let opener: number | undefined;
  const look = (node: Node): void => {
    const range = node.range;
    const opens = isScalar(node)
      ? node.type === "QUOTE_DOUBLE" || node.type === "QUOTE_SINGLE"
      : isCollection(node) && node.flow === true;
    const wanted = isScalar(node) === error.message.startsWith("Missing closing");
    if (opens && wanted && range && range[0] < error.pos[0] && range[2] >= error.pos[0] - 1) {
      const closes = text.charAt(range[1] - 1) === closing.get(text.charAt(range[0]));
      opener = closes && range[1] - range[0] > 1 ? opener : range[0];
    }
  };
  visit(document, { Node: (_key, node) => look(node) });
  return opener ?? error.pos[0];
}

const closing: ReadonlyMap<string, string> = new Map([
  ["{", "}"],
  ["[", "]"],
  ['"', '"'],
  ["'", "'"],
]);

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
