// Reads what is written on one line: plain words, quoted texts, and `{…}` and `[…]` of them.

import type { Origin } from "../../source/origin.ts";
import { looksSecret } from "./looks-secret.ts";
import type { Entry, Scalar, Tree } from "./tree.ts";

/** A value, and where the text goes on behind it. */
export interface Read {
  readonly tree: Tree;
  readonly end: number;
}

/** So deep may brackets be nested; deeper ones are left to the library. */
const maxDepth = 16;

/** Letters, digits and signs that mean nothing to YAML wherever they stand in a word. */
const word = String.raw`[\w./][\w./@+=;()-]*`;

const plain = new RegExp(`${word}(?:(?: +|:)${word})*`, "y");
const key = new RegExp(`(${word}): `, "y");
const quoted = /"([^"\\\n]*)"|'([^'\n]*)'/y;
const spaces = / */y;

/**
 * The value that begins at `from`, or nothing where it is not as simple as that.
 *
 * @param at the place of an offset
 */
export function readValue(
  text: string,
  from: number,
  at: (offset: number) => Origin,
  depth = 0,
): Read | undefined {
  switch (text[from]) {
    case "{":
      return depth < maxDepth ? readMapping(text, from, at, depth) : undefined;
    case "[":
      return depth < maxDepth ? readSequence(text, from, at, depth) : undefined;
    case '"':
    case "'": {
      const found = match(quoted, text, from);
      const value = found?.[1] ?? found?.[2];
      if (found === undefined || value === undefined || looksSecret(value)) return undefined;
      const tree: Scalar = { kind: "scalar", value, source: value, at: at(from) };
      return { tree, end: from + found[0].length };
    }
    default: {
      const source = match(plain, text, from)?.[0];
      const value = source === undefined ? undefined : meaningOf(source);
      if (source === undefined || value === undefined || looksSecret(source)) return undefined;
      return {
        tree: { kind: "scalar", value, source, at: at(from) },
        end: from + source.length,
      };
    }
  }
}

/** Where the next character is that is no space. */
export function skipSpaces(text: string, from: number): number {
  return from + (match(spaces, text, from)?.[0].length ?? 0);
}

/** What a key's value is when it is written there: nothing, and an empty text, have no place of their own. */
export function placedAt(value: Tree, keyAt: Origin): Tree {
  return value.kind === "scalar" && value.source === "" ? { ...value, at: keyAt } : value;
}

function readMapping(
  text: string,
  from: number,
  at: (offset: number) => Origin,
  depth: number,
): Read | undefined {
  const entries = new Map<string, Entry>();
  const end = readItems(text, from, "}", (begin) => {
    const found = match(key, text, begin);
    const name = found?.[1];
    if (found === undefined || name === undefined || entries.has(name) || looksSecret(name)) {
      return undefined;
    }
    const value = readValue(text, skipSpaces(text, begin + found[0].length), at, depth + 1);
    if (value === undefined) return undefined;
    const keyAt = at(begin);
    entries.set(name, { at: keyAt, value: placedAt(value.tree, keyAt) });
    return value.end;
  });
  return end === undefined ? undefined : { tree: { kind: "mapping", entries, at: at(from) }, end };
}

function readSequence(
  text: string,
  from: number,
  at: (offset: number) => Origin,
  depth: number,
): Read | undefined {
  const items: Tree[] = [];
  const end = readItems(text, from, "]", (begin) => {
    // What looks like a key would be a mapping of its own.
    const value = match(key, text, begin) ? undefined : readValue(text, begin, at, depth + 1);
    if (value === undefined) return undefined;
    items.push(value.tree);
    return value.end;
  });
  return end === undefined ? undefined : { tree: { kind: "sequence", items, at: at(from) }, end };
}

/** Reads items between commas up to a bracket; gives where the text goes on behind that. */
function readItems(
  text: string,
  from: number,
  close: string,
  readItem: (begin: number) => number | undefined,
): number | undefined {
  let at = skipSpaces(text, from + 1);
  if (text[at] === close) return at + 1;
  for (;;) {
    const end = readItem(at);
    if (end === undefined) return undefined;
    at = skipSpaces(text, end);
    if (text[at] === close) return at + 1;
    if (text[at] !== ",") return undefined;
    at = skipSpaces(text, at + 1);
  }
}

/** What a plain text means in YAML's core schema; nothing for numbers of unusual forms. */
function meaningOf(source: string): Scalar["value"] | undefined {
  if (/^(?:null|Null|NULL)$/.test(source)) return null;
  if (/^(?:true|True|TRUE)$/.test(source)) return true;
  if (/^(?:false|False|FALSE)$/.test(source)) return false;
  if (/^(?:0|[1-9]\d{0,14})$/.test(source) || /^\d{1,9}\.\d{1,9}$/.test(source)) {
    return Number(source);
  }
  return /^[.\d]/.test(source) && number.test(source) ? undefined : source;
}

const number =
  /^(?:0o[0-7]+|0x[\da-fA-F]+|\d+|(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?|\.(?:inf|Inf|INF|nan|NaN|NAN))$/;

function match(pattern: RegExp, text: string, from: number): RegExpExecArray | undefined {
  pattern.lastIndex = from;
  return pattern.exec(text) ?? undefined;
}
