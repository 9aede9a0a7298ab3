// What every scenario of chaos does: calls go on while something is hurt again and again, and only what it says may fail.
import { pause } from "../harness/eventually.ts";
import type { Mesh } from "../harness/mesh.ts";
import { startCalls } from "../loss-free/calls.ts";
import type { Allowed, Hurt } from "./chaos-allowed.ts";
import { outcomeOf } from "./chaos-outcome.ts";
import type { Outcome } from "./scenario.ts";

/** What is called, what is hurt, and what may come of it. */
export interface Chaos {
  readonly mesh: Mesh;
  readonly token: string;
  /** Who is called, in turn, by REST and by gRPC. */
  readonly agents: readonly string[];
  readonly perSecond: number;
  readonly seconds: number;
  /** Hurts something once; resolves when it is well again. Absent: it is hurt all the time. */
  readonly hurt?: (time: number) => Promise<void>;
  /** What may fail. All else is a failure of the scenario. */
  readonly mayFail: readonly Allowed[];
  /** The longest that 99 of 100 calls may take, in milliseconds; a second unless given. */
  readonly p99Ms?: number;
  /** The longest that any may take, in milliseconds. */
  readonly slowestMs: number;
  /** What was done so many times, without how many calls there were. */
  done(times: number): string;
}

/** Between the end of one hurt and the next. */
const restMs = 4_500;
/** How long after a hurt its calls may still end: a third of the rest, so that in most of it nothing may fail. */
const momentMs = 1_500;
const usualP99Ms = 1_000;

/** Does it. */
export async function chaos(plan: Chaos): Promise<Outcome> {
  const { agents, mesh, perSecond, seconds, token } = plan;
  const from = Date.now();
  const calls = startCalls(mesh, { perSecond, agents, token: () => token });
  const hurts: Hurt[] = [];
  const problems: string[] = [];
  if (plan.hurt === undefined) await pause(seconds * 1_000);
  else {
    try {
      await hurtAgainAndAgain(plan.hurt, from + seconds * 1_000, hurts);
    } catch (error) {
      problems.push(`it was not well again: ${String(error)}`);
    }
  }
  const to = Date.now();
  const called = await calls.stop();
  const told = { from, to, hurts: plan.hurt === undefined ? undefined : hurts };
  const outcome = outcomeOf({ p99Ms: usualP99Ms, ...plan }, called, told);
  return {
    done: `${plan.done(hurts.length)} in ${Math.round((to - from) / 1_000)} s, beside ${Math.round(called.perSecond)} calls a second by REST and gRPC.`,
    figures: outcome.figures,
    failures: [...problems, ...outcome.failures],
  };
}

/** At least once; none begins where there is no time left for a rest after it. */
async function hurtAgainAndAgain(
  hurt: (time: number) => Promise<void>,
  end: number,
  hurts: Hurt[],
): Promise<void> {
  for (let time = 1; time === 1 || Date.now() + 2 * restMs < end; time += 1) {
    await pause(restMs);
    const from = Date.now();
    await hurt(time);
    hurts.push({ from, to: Date.now() + momentMs });
  }
  await pause(Math.max(restMs, end - Date.now()));
}
