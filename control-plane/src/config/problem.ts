// Makes a diagnostic from a row of the table of codes.

import { printable } from "@smartcall/runtime";
import type { Origin } from "../source/origin.ts";
import { type Code, type CodeRow, codes } from "./codes.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { hidden } from "./yaml/looks-secret.ts";

/** What the words in braces of a code's message and hint stand for. */
export type Values<C extends Code> = {
  readonly [K in Placeholder<(typeof codes)[C]["message"] | (typeof codes)[C]["hint"]>]: string;
};

/**
 * Takes each diagnostic as it is found. `isInside` says that the value which has it
 * is used all the same, and itself knows which of its parts are flawed.
 */
export type Report = (diagnostic: Diagnostic, isInside?: boolean) => void;

/** The diagnostic for `code` at a place, its words filled in, what could be a secret starred out. */
export function problem<C extends Code>(code: C, at: Origin, values: Values<C>): Diagnostic {
  const row: CodeRow = codes[code];
  const words = new Map<string, string>(Object.entries(values));
  const message = fill(row.message, words);
  return {
    code,
    severity: row.severity ?? "error",
    at,
    message: row.message.startsWith("{what}") ? upperFirst(message) : message,
    hint: fill(row.hint, words),
  };
}

/** Says where something is, as briefly as a reader of `from` needs it. */
export function placeOf(at: Origin, from: Origin): string {
  return at.file === from.file ? `line ${at.line}` : `${at.file}:${at.line}`;
}

type Placeholder<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `${string} ${string}` ? never : Name) | Placeholder<Rest>
  : never;

function fill(template: string, values: ReadonlyMap<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    hidden(printable(values.get(name) ?? whole)),
  );
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
