// Tries one request after the other, and tells which of them should not have ended as they did.
import { residentMegabytes } from "../bench/process-cost.ts";
import { type Attempted, attemptGrpc, attemptRaw, attemptRest, type Target } from "./attempts.ts";
import { randomFrom } from "./random.ts";

/** What is tried. */
export interface Trial {
  readonly seed: number;
  /** How many requests. */
  readonly count: number;
  /** How many are under way together. */
  readonly together: number;
  /** The processes that must live on, and keep their size. */
  readonly pids: readonly number[];
}

/** What came of it. */
export interface Found {
  /** Requests that hung or were answered with 5xx, but for 503; each with its seed. */
  readonly wrong: readonly string[];
  /** By how much each process grew, in MB, after the first tenth. */
  readonly grown: readonly number[];
  /** How often each status was. */
  readonly statuses: ReadonlyMap<number, number>;
}

const doors = [attemptRest, attemptRaw, attemptGrpc] as const;

/** Throws where one of the processes is no more. */
export async function fuzz(target: Target, trial: Trial): Promise<Found> {
  const wrong: string[] = [];
  const statuses = new Map<number, number>();
  let begun = 0;
  let early: readonly number[] = [];
  const work = async (): Promise<void> => {
    while (begun < trial.count) {
      const index = begun++;
      if (index === Math.floor(trial.count / 10)) early = trial.pids.map(residentMegabytes);
      const seed = trial.seed + index;
      const door = doors[index % doors.length] ?? attemptRest;
      const attempted = await door(target, randomFrom(seed));
      for (const status of attempted.statuses) {
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
      const problem = problemOf(attempted);
      if (problem !== undefined) wrong.push(`${problem} (seed ${seed}): ${attempted.sent}`);
    }
  };
  await Promise.all(Array.from({ length: trial.together }, work));
  for (const pid of trial.pids) process.kill(pid, 0);
  const late = trial.pids.map(residentMegabytes);
  return { wrong, statuses, grown: late.map((size, index) => size - (early[index] ?? size)) };
}

function problemOf({ hung, statuses }: Attempted): string | undefined {
  if (hung) return "no answer and no end";
  const failed = statuses.find((status) => status >= 500 && status !== 503);
  // It is what HTTP calls a coding, or a version, that a server does not have.
  return failed === undefined || failed === 501 || failed === 505 ? undefined : `${failed}`;
}
