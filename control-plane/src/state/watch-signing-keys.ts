// Notices keys that another process added to the state or took from it.

import type { Report, StateProblem } from "./outcome.ts";
import { loadSigningKeys, publicKeySet, type SigningKeys } from "./signing-keys.ts";
import type { State } from "./state.ts";

/** Looks for changes until it is closed. */
export interface Watch {
  /** Resolves when nothing more will happen. */
  close(): Promise<void>;
}

/**
 * Calls `change` with the keys whenever they differ from `known`, then from what
 * was told last. Reads the folder every `everyMs` milliseconds: a few small
 * files, on any file system. A problem is reported once, until another takes its
 * place or it ends; the keys stay as they were.
 */
export function watchSigningKeys(
  state: State,
  known: SigningKeys,
  options: {
    readonly change: (keys: SigningKeys) => void;
    readonly report: Report;
    readonly everyMs?: number;
  },
): Watch {
  let told = publicKeySet(known);
  let reported: string | undefined;
  let closed = false;
  let work: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | undefined;

  const report = (problem: StateProblem): void => {
    if (problem.message !== reported) options.report(problem);
    reported = problem.message;
  };
  const look = async (): Promise<void> => {
    const keys = await loadSigningKeys(state, { now: new Date(), report });
    if (closed) return;
    if (keys.ok) {
      reported = undefined;
      const found = publicKeySet(keys.value);
      if (found !== told) options.change(keys.value);
      told = found;
    } else {
      report(keys.problem);
    }
    wait();
  };
  const wait = (): void => {
    timer = setTimeout(() => {
      work = look();
    }, options.everyMs ?? 250);
  };

  wait();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await work;
    },
  };
}
