// Reading a text that has to make sense, and keeping one that changes often.

import { failure, type Outcome, type Report, type StateProblem, success } from "./outcome.ts";
import type { State } from "./state.ts";

/**
 * What `parse` makes of the text, or undefined where there is none. A text that
 * makes no sense (`parse` gives undefined) is reported, set aside and taken as
 * absent, so that a damaged file never keeps the control plane from starting.
 */
export async function readDocument<T>(
  state: State,
  name: string,
  parse: (text: string) => T | undefined,
  report: Report,
): Promise<Outcome<T | undefined>> {
  const text = await state.read(name);
  if (!text.ok || text.value === undefined) return text.ok ? success(undefined) : text;
  const value = parse(text.value);
  if (value !== undefined) return success(value);
  const aside = await state.setAside(name);
  if (!aside.ok) return aside;
  report(corrupt(state, name, aside.value));
  return success(undefined);
}

/**
 * Reads a document that is made once and then stays: the first of several
 * processes to make it wins, and all of them get that one.
 */
export async function readOrMake<T>(
  state: State,
  name: string,
  document: { parse(text: string): T | undefined; make(): Promise<string> | string },
  report: Report,
): Promise<Outcome<T>> {
  const found = await readDocument(state, name, document.parse, report);
  if (!found.ok) return found;
  if (found.value !== undefined) return success(found.value);
  const text = await state.writeOnce(name, await document.make());
  if (!text.ok) return text;
  const made = document.parse(text.value);
  return made === undefined ? failure(corrupt(state, name, name)) : success(made);
}

function corrupt(state: State, name: string, aside: string): StateProblem {
  const path = state.path(name);
  const message = `${path} makes no sense and was not used; it is kept as ${state.path(aside)}.`;
  return { kind: "corrupt", path, message };
}
