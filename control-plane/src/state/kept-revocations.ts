// Keeps what was revoked in two files, since losing it lets every revoked token in again.

import { failure, type Outcome, type Report, success } from "./outcome.ts";
import {
  noRevocations,
  parseRevocations,
  printRevocations,
  type Revocations,
  revocationsName,
} from "./revocations.ts";
import type { State } from "./state.ts";

/** The name, in the state, of the second one. */
export const revocationsCopyName = "revocations-copy.json";

/**
 * What was revoked: by the first file, or by the second where the first is gone or
 * makes no sense, which is reported. A failure where neither can be used and one is
 * there: to take it for nothing would let everybody in.
 */
export async function readRevocations(state: State, report: Report): Promise<Outcome<Revocations>> {
  const first = await state.read(revocationsName);
  if (!first.ok) return first;
  const second = await state.read(revocationsCopyName);
  if (!second.ok) return second;
  const texts = [first.value, second.value];
  if (texts.every((text) => text === undefined)) return success(noRevocations);
  const [found] = texts.flatMap((text) =>
    text === undefined ? [] : (parseRevocations(text) ?? []),
  );
  const path = state.path(revocationsName);
  const copy = state.path(revocationsCopyName);
  if (found === undefined) {
    const message = `What was revoked is lost, and nobody is to be let in by that: ${path} and ${copy} make no sense or are gone. Bring one of them back, or remove both to go on with nothing revoked.`;
    return failure({ kind: "corrupt", path, message });
  }
  if (first.value === undefined || parseRevocations(first.value) === undefined) {
    const aside = first.value === undefined ? undefined : await state.setAside(revocationsName);
    if (aside?.ok === false) return aside;
    const kept =
      aside === undefined ? "is gone" : `makes no sense, and is kept as ${state.path(aside.value)}`;
    report({ kind: "corrupt", path, message: `${path} ${kept}; ${copy} was used instead.` });
  }
  if (first.value !== second.value) {
    const written = await writeRevocations(state, found);
    if (!written.ok) report(written.problem);
  }
  return success(found);
}

/** Keeps it: the second file comes first, so that one of both is whole at every moment. */
export async function writeRevocations(
  state: State,
  all: Revocations,
): Promise<Outcome<undefined>> {
  const text = printRevocations(all);
  const copied = await state.write(revocationsCopyName, text);
  const written = await state.write(revocationsName, text);
  return written.ok ? copied : written;
}
