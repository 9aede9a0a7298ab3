// The operator's files that gateways refused last, so that no restart asks them again.

import { isObject, parseObject } from "@smartcall/runtime";
import { readDocument } from "./document.ts";
import type { Outcome, Report } from "./outcome.ts";
import type { State } from "./state.ts";

/** A version that gateways refused, and why. */
export interface LastRefused {
  /** Of the files' content, and of what the files held that it names. */
  readonly hash: string;
  readonly since: Date;
  /** As they were told. */
  readonly problems: readonly string[];
}

/** The name, in the state, of what `printLastRefused` writes. */
export const lastRefusedName = "last-good/refused.json";

/** The text to keep; also that nothing is refused. */
export function printLastRefused(refused: LastRefused | undefined): string {
  return `${JSON.stringify({ refused }, null, 2)}\n`;
}

/** What was refused last, or undefined where nothing was since. */
export async function loadLastRefused(
  state: State,
  report: Report,
): Promise<Outcome<LastRefused | undefined>> {
  const read = await readDocument(state, lastRefusedName, parse, report);
  return read.ok ? { ok: true, value: read.value?.refused } : read;
}

function parse(text: string): { readonly refused: LastRefused | undefined } | undefined {
  const document = parseObject(text);
  if (document === undefined) return undefined;
  const refused = document["refused"];
  if (refused === undefined) return { refused };
  if (!isObject(refused)) return undefined;
  const { hash, since, problems } = refused;
  if (typeof hash !== "string" || typeof since !== "string" || !Array.isArray(problems)) {
    return undefined;
  }
  const time = new Date(since);
  const texts = problems.filter((each) => typeof each === "string");
  if (Number.isNaN(time.getTime()) || texts.length !== problems.length) return undefined;
  return { refused: { hash, since: time, problems: texts } };
}
