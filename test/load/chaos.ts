// What every scenario of chaos does: calls go on while something is hurt again and again, and only what it says may fail.
import { pause } from "../harness/eventually.ts";
import type { Mesh } from "../harness/mesh.ts";
import { percentile } from "../harness/percentile.ts";
import { startCalls } from "../loss-free/calls.ts";
import { type Allowed, covers, type Hurt } from "./chaos-allowed.ts";
import type { Outcome } from "./scenario.ts";

/** What is called, what is hurt, and what may come of it. */
export interface Chaos {
  readonly mesh: Mesh;
  readonly token: string;
  /** Who is called, in turn, by REST and by gRPC. */
  readonly agents: readonly string[];
  readonly perSecond: number;
  readonly seconds: number;
  /** Hurts something once; resolves when it is well again. */
  hurt(time: number): Promise<void>;
  /** What may fail. All else is a failure of the scenario. */
  readonly mayFail: readonly Allowed[];
  /** The longest that a call may take, in milliseconds. */
  readonly slowestMs: number;
  /** What was done so many times, without how many calls there were. */
  done(times: number): string;
}

/** Between the end of one hurt and the next. */
const restMs = 1_500;
/** How long after a hurt its calls may still end. */
const momentMs = 1_500;

/** Does it. */
export async function chaos(plan: Chaos): Promise<Outcome> {
  const { agents, mayFail, mesh, perSecond, seconds, slowestMs, token } = plan;
  const calls = startCalls(mesh, { perSecond, agents, token: () => token });
  const hurts: Hurt[] = [];
  const problems: string[] = [];
  const end = performance.now() + seconds * 1_000;
  try {
    for (let time = 1; performance.now() < end; time += 1) {
      await pause(restMs);
      const from = Date.now();
      await plan.hurt(time);
      hurts.push({ from, to: Date.now() + momentMs });
    }
    await pause(restMs);
  } catch (error) {
    problems.push(`it was not well again: ${String(error)}`);
  }
  const called = await calls.stop();
  const perAgent = called.calls / agents.length;
  const known = called.failures.map((failure) => ({
    failure,
    allowed: mayFail.find((each) => covers(each, failure, hurts)),
  }));
  const unexpected = known.filter(({ allowed }) => allowed === undefined);
  const at = (share: number): number => percentile(called.ms, share);
  return {
    done: `${plan.done(hurts.length)} in ${seconds} s, beside ${Math.round(called.perSecond)} calls a second by REST and gRPC.`,
    figures: [
      { what: "calls", is: `${called.calls}` },
      ...mayFail.map((allowed) => {
        const failed = known.filter((each) => each.allowed === allowed).length;
        const most = Math.floor(allowed.share * perAgent * timesIn(agents, allowed.agent));
        return {
          what: `of ${allowed.agent} failed as they may`,
          is: `${failed}`,
          asked: `at most ${most}`,
          met: failed <= most,
        };
      }),
      {
        what: "others that failed",
        is: `${unexpected.length}`,
        asked: "0",
        met: unexpected.length === 0,
      },
      { what: "time of a call, P50", is: `${Math.round(at(0.5))} ms` },
      { what: "time of a call, P99", is: `${Math.round(at(0.99))} ms` },
      {
        what: "the slowest call",
        is: `${Math.round(at(1))} ms`,
        asked: `under ${slowestMs} ms`,
        met: at(1) < slowestMs,
      },
    ],
    failures: [...problems, ...unexpected.slice(0, 10).map(({ failure }) => failure)],
  };
}

function timesIn(agents: readonly string[], agent: string): number {
  return agents.filter((each) => each === agent).length;
}
