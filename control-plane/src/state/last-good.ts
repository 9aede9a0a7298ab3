// The operator's files as they were when they last made sense.

import { isObject, parseObject } from "@smartcall/runtime";
import { readDocument } from "./document.ts";
import type { Outcome, Report } from "./outcome.ts";
import type { State } from "./state.ts";

/** The operator's files that the mesh was last made from, whole. */
export interface LastGood {
  readonly files: readonly SourceText[];
  /** Of all the files' content; tells whether they have changed since. */
  readonly hash: string;
  /** When they were taken. */
  readonly at: Date;
}

/** One file of the operator's, as it was read. */
export interface SourceText {
  /** Its path, as the operator named it. */
  readonly name: string;
  readonly text: string;
}

/** The name, in the state, of what `printLastGood` writes; one text, so never half of it. */
export const lastGoodName = "last-good/mesh.json";

/** The text to keep. */
export function printLastGood(lastGood: LastGood): string {
  return `${JSON.stringify(lastGood, null, 2)}\n`;
}

/** What was last kept, or undefined where there is none. */
export function loadLastGood(state: State, report: Report): Promise<Outcome<LastGood | undefined>> {
  return readDocument(state, lastGoodName, parseLastGood, report);
}

function parseLastGood(text: string): LastGood | undefined {
  const { files, hash, at } = parseObject(text) ?? {};
  if (!Array.isArray(files) || typeof hash !== "string" || typeof at !== "string") return undefined;
  const time = new Date(at);
  const texts = files.flatMap(sourceText);
  if (texts.length !== files.length || Number.isNaN(time.getTime())) return undefined;
  return { files: texts, hash, at: time };
}

function sourceText(value: unknown): readonly SourceText[] {
  if (!isObject(value)) return [];
  const { name, text } = value;
  return typeof name === "string" && typeof text === "string" ? [{ name, text }] : [];
}
