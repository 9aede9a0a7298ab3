// A state in a directory of its own for each test.

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openDirectoryState } from "./directory-state.ts";
import type { Outcome, StateProblem } from "./outcome.ts";
import type { State } from "./state.ts";

/** A state, and the problems that were reported. */
export interface TemporaryState {
  readonly folder: string;
  readonly state: State;
  readonly problems: StateProblem[];
  readonly report: (problem: StateProblem) => void;
  remove(): Promise<void>;
}

export async function temporaryState(): Promise<TemporaryState> {
  const folder = await mkdtemp(join(tmpdir(), "smartcall-state-"));
  const problems: StateProblem[] = [];
  return {
    folder,
    state: must(await openDirectoryState(folder)),
    problems,
    report: (problem) => problems.push(problem),
    remove: () => rm(folder, { recursive: true }),
  };
}

export function must<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}
