// What chaos came to: which failures it allowed, how steady the calls were, and whether anything was hurt at all.
import { percentile } from "../harness/percentile.ts";
import type { CallsResult } from "../loss-free/calls.ts";
import { milliseconds } from "./amounts.ts";
import { type Allowed, covers, type Hurt, quietMs } from "./chaos-allowed.ts";
import type { Figure, Outcome } from "./scenario.ts";

/** What calls are held to. */
export interface Held {
  /** Who was called, in turn. */
  readonly agents: readonly string[];
  readonly perSecond: number;
  /** What may fail, and must for the scenario to show anything. All else is a failure of the scenario. */
  readonly mayFail: readonly Allowed[];
  /** The longest that 99 of 100 calls may take, in milliseconds. */
  readonly p99Ms: number;
  /** The longest that any may take, in milliseconds. */
  readonly slowestMs: number;
}

/** What was done to the mesh, and when. */
export interface Hurting {
  /** When the calls began and ended, in milliseconds since 1970. */
  readonly from: number;
  readonly to: number;
  /** Undefined where nothing is hurt again and again. */
  readonly hurts: readonly Hurt[] | undefined;
}

/** Of the calls that were due so many must begin: a mesh that stands still takes none. */
const leastBegun = 0.95;
/** The shortest time before, between and after hurts in which nothing may fail, in milliseconds. */
const leastQuietMs = 1_500;

/** The figures, and what failed that must not. */
export function outcomeOf(
  held: Held,
  called: CallsResult,
  hurting: Hurting,
): Pick<Outcome, "figures" | "failures"> {
  const known = called.failures.map((failure) => ({
    failure,
    allowed: held.mayFail.find((each) => covers(each, failure, hurting.hurts ?? [])),
  }));
  const unexpected = known.filter(({ allowed }) => allowed === undefined);
  const failed = (of: Allowed): number => known.filter(({ allowed }) => allowed === of).length;
  return {
    figures: [
      { what: "calls", is: `${called.calls}` },
      rate(held, called),
      { what: "calls that were due and not begun, 100 being under way", is: `${called.dropped}` },
      ...held.mayFail.map((each) =>
        asTheyMay(each, failed(each), callsOf(each.agent, held, called)),
      ),
      {
        what: "others that failed",
        is: `${unexpected.length}`,
        asked: "0",
        met: unexpected.length === 0,
      },
      ...times(held, called.ms),
      ...(hurting.hurts === undefined ? [] : [quiet(hurting, hurting.hurts)]),
    ],
    failures: [
      ...(hurting.hurts?.length === 0 ? ["nothing was hurt"] : []),
      ...unexpected.slice(0, 10).map(({ failure }) => failure),
    ],
  };
}

function rate({ perSecond }: Held, called: CallsResult): Figure {
  const least = perSecond * leastBegun;
  return {
    what: "calls a second",
    is: called.perSecond.toFixed(1),
    asked: `at least ${least}`,
    met: called.perSecond >= least,
  };
}

function callsOf(agent: string, { agents }: Held, { calls }: CallsResult): number {
  return (calls * agents.filter((each) => each === agent).length) / agents.length;
}

function asTheyMay({ agent, least, most }: Allowed, failed: number, calls: number): Figure {
  const [from, to] = [Math.ceil(least * calls), Math.floor(most * calls)];
  return {
    what: `of ${agent} failed as they may`,
    is: `${failed} of ${Math.round(calls)}`,
    asked: `${from} to ${to}`,
    met: failed >= from && failed <= to,
  };
}

function times({ p99Ms, slowestMs }: Held, ms: readonly number[]): readonly Figure[] {
  const under = (what: string, value: number, bound: number): Figure => ({
    what,
    is: milliseconds(value),
    asked: `under ${bound} ms`,
    met: value < bound,
  });
  return [
    { what: "time of a call, P50", is: milliseconds(percentile(ms, 0.5)) },
    under("time of a call, P99", percentile(ms, 0.99), p99Ms),
    under("the slowest call", percentile(ms, 1), slowestMs),
  ];
}

function quiet({ from, to }: Hurting, hurts: readonly Hurt[]): Figure {
  const shortest = quietMs(hurts, { from, to });
  return {
    what: "the shortest time around hurts in which nothing may fail",
    is: `${Math.round(shortest)} ms`,
    asked: `at least ${leastQuietMs} ms`,
    met: shortest >= leastQuietMs,
  };
}
