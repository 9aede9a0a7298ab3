// Reads YAML as nearly everybody writes it, many times as fast as the library.
//
// Keys, dashes, single-line values and comments, nothing else: no anchors, no tags, no texts over
// several lines, no errors. Whatever is not as simple is the library's to read, from the beginning.

import type { Origin } from "../../source/origin.ts";
import { looksSecret } from "./looks-secret.ts";
import { placedAt, readValue, skipSpaces } from "./plain-value.ts";
import type { Entry, Tree } from "./tree.ts";

/** What YAML gives a meaning to, or forbids, where it could be overlooked. */
const special =
  /[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;

/** A key that was written longer than this would be an error. */
const maxLine = 1_000;

/** Each level of nesting but lists under their keys begins further in than the one around it. */
const maxColumn = 40;

const key = /([\w./][\w./@+=;()-]*):(?= |$)/my;

/**
 * The tree of a simple document, the same that the library's nodes become; nothing
 * for any other.
 */
export function readPlainDocument(file: string, text: string): Tree | undefined {
  const lines = special.test(text) ? undefined : linesOf(text);
  if (lines === undefined) return undefined;
  let current = 0;
  const root = lines[0]?.column === 0 && !isItem(lines[0]) ? mapping(0) : undefined;
  return current === lines.length ? root : undefined;

  function block(line: Line): Tree | undefined {
    return isItem(line) ? sequence(line.column) : mapping(line.column);
  }

  function mapping(column: number): Tree | undefined {
    const entries = new Map<string, Entry>();
    const first = lines?.[current];
    if (first === undefined) return undefined;
    const at = placeIn(first);
    for (let line = lines?.[current]; line?.column === column; line = lines?.[current]) {
      key.lastIndex = line.begin;
      const name = key.exec(text)?.[1];
      if (name === undefined || entries.has(name) || looksSecret(name)) return undefined;
      const keyAt = placeIn(line)(line.begin);
      const value = underKey(line, column, line.begin + name.length + 1);
      if (value === undefined) return undefined;
      entries.set(name, { at: keyAt, value: placedAt(value, keyAt) });
    }
    return { kind: "mapping", entries, at: at(first.begin) };
  }

  function sequence(column: number): Tree | undefined {
    const items: Tree[] = [];
    const first = lines?.[current];
    if (first === undefined) return undefined;
    const at = placeIn(first)(first.begin);
    for (
      let line = lines?.[current];
      line?.column === column && isItem(line);
      line = lines?.[current]
    ) {
      const item = itemOf(line, column);
      if (item === undefined) return undefined;
      items.push(item);
    }
    return { kind: "sequence", items, at };
  }

  function itemOf(line: Line, column: number): Tree | undefined {
    const begin = skipSpaces(text, line.begin + 1);
    key.lastIndex = begin;
    if (!key.test(text)) return onOneLine(line, column, begin);
    // Its keys stand under each other, the first of them behind the dash.
    const inner = { ...line, begin, column: column + begin - line.begin };
    if (lines !== undefined) lines[current] = inner;
    const value = mapping(inner.column);
    const next = lines?.[current];
    return next !== undefined && next.column > column ? undefined : value;
  }

  function underKey(line: Line, column: number, from: number): Tree | undefined {
    const begin = skipSpaces(text, from);
    if (!endsAt(line, begin)) return onOneLine(line, column, begin);
    current += 1;
    const next = lines?.[current];
    const isInside =
      next !== undefined && (next.column > column || (next.column === column && isItem(next)));
    if (!isInside) return { kind: "scalar", value: null, source: "", at: placeIn(line)(begin) };
    const value = block(next);
    const after = lines?.[current];
    return after !== undefined && after.column > column ? undefined : value;
  }

  function onOneLine(line: Line, column: number, begin: number): Tree | undefined {
    const value = readValue(text, begin, placeIn(line));
    if (value === undefined || !endsAt(line, value.end)) return undefined;
    current += 1;
    const next = lines?.[current];
    // A text may go on there.
    return next !== undefined && next.column > column ? undefined : value.tree;
  }

  /** Whether nothing but a comment follows. */
  function endsAt(line: Line, from: number): boolean {
    const end = skipSpaces(text, from);
    return end === line.end || (text[end] === "#" && text[end - 1] === " ");
  }

  function placeIn(line: Line): (offset: number) => Origin {
    return (offset) => ({ file, line: line.number, column: offset - line.start + 1 });
  }

  function isItem(line: Line): boolean {
    return text.startsWith("- ", line.begin);
  }
}

/** A line that says something. Places are offsets in the text. */
interface Line {
  readonly number: number;
  readonly start: number;
  /** Where its content begins: how far in it stands, and where that is in the text. */
  readonly column: number;
  readonly begin: number;
  readonly end: number;
}

function linesOf(text: string): Line[] | undefined {
  const lines: Line[] = [];
  let number = 0;
  for (let start = 0; start < text.length; ) {
    number += 1;
    const newline = text.indexOf("\n", start);
    const end = newline < 0 ? text.length : newline;
    const begin = skipSpaces(text, start);
    if (end - start > maxLine || begin - start > maxColumn) return undefined;
    if (begin < end && text[begin] !== "#") {
      lines.push({ number, start, column: begin - start, begin, end });
    }
    start = end + 1;
  }
  return lines;
}
