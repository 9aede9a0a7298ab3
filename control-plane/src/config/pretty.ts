// Prints a diagnostic as a person wants to read it: place, message, line, caret, hint.

import { printable } from "@smartcall/runtime";
import type { Code } from "./codes.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { starred } from "./yaml/looks-secret.ts";

/**
 * Several lines of text, without a line break at the end.
 *
 * `source` is the text of the diagnostic's file; without it the line is left out.
 * A line with a secret is never shown. Colour, as ANSI sequences, only when asked.
 */
export function prettyDiagnostic(
  diagnostic: Diagnostic,
  source?: string,
  options: { readonly colour?: boolean } = {},
): string {
  const { at, code, hint, message, severity } = diagnostic;
  const paint = options.colour === true ? ansi : plain;
  const colour = severity === "error" ? "red" : "yellow";
  const place = `${at.file}:${at.line}:${at.column}`;
  const lines = [`${paint("bold", place)} ${paint(colour, severity)} ${code} ${message}`];
  const shown = source === undefined ? undefined : lineOf(source, diagnostic);
  if (shown !== undefined) {
    const number = String(at.line).padStart(4);
    lines.push(`${paint("dim", `${number} |`)} ${shown.text}`);
    lines.push(
      `${paint("dim", `${" ".repeat(4)} |`)} ${shown.indent}${paint(colour, shown.caret)}`,
    );
  }
  if (hint !== undefined && hint !== "") {
    lines.push(`${paint("dim", "hint:")} ${hint}`);
  }
  return lines.join("\n");
}

interface Shown {
  readonly text: string;
  /** As many spaces as stand before the caret. */
  readonly indent: string;
  readonly caret: string;
}

/** The longest part of a line that is shown. */
const widest = 100;

function lineOf(source: string, { at, code }: Diagnostic): Shown | undefined {
  const lines = source.split("\n", at.line);
  const whole = lines[at.line - 1];
  if (whole === undefined || isInKey(lines)) {
    return undefined;
  }
  const column = Math.min(at.column - 1, whole.length);
  const safe = code === secret ? `${starred(whole.slice(0, column))}…` : starred(whole);
  const from = Math.max(0, column - widest / 2);
  const text = shown(safe.slice(from, from + widest).trimEnd());
  const more = from > 0 ? "…" : "";
  const indent = " ".repeat(more.length + column - from);
  const word = value.exec(text.slice(column - from))?.[0] ?? "^";
  return { text: more + text, indent, caret: "^".repeat(word.length) };
}

const secret: Code = "SC601";

/** Quoted, or plain: words up to a comment, a colon, a comma or a bracket; or else one character. */
const value =
  /^(?:"(?:[^"\\]|\\.)*"?|'(?:[^']|'')*'?|[^\s,:#{}[\]"'](?:[^\s,:{}[\]]|:(?=[^\s,])| +(?=[^\s,:#{}[\]]))*|.)/;

/** Whether the last line is one of a private key's, which goes over several. */
function isInKey(lines: readonly string[]): boolean {
  const begin = lines.findLastIndex((line) => /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(line));
  if (begin < 0 || begin === lines.length - 1) return false;
  const end = lines.findIndex((line, index) => index >= begin && line.includes("-----END"));
  return end < 0 ? lines.length - begin <= longestKey : end === lines.length - 1;
}

/** Lines of a private key, at most. */
const longestKey = 100;

/** A tab takes one column, as the place counts it. */
function shown(text: string): string {
  return printable(text.replaceAll("\t", " "));
}

type Style = "bold" | "dim" | "red" | "yellow";

function plain(_style: Style, text: string): string {
  return text;
}

function ansi(style: Style, text: string): string {
  const numbers = { bold: 1, dim: 2, red: 31, yellow: 33 } as const;
  return `\u001b[${numbers[style]}m${text}\u001b[0m`;
}
