// What the highest rate of calls that held came to, and how many cores the asked one needs.
import { percentile } from "../harness/percentile.ts";
import { counted, milliseconds } from "./amounts.ts";
import type { Generated } from "./generators.ts";
import { coresFor, mostP95Ms } from "./held-rate.ts";
import { cpuFigures, roleFigures } from "./role-figures.ts";
import type { Figure, Outcome } from "./scenario.ts";
import type { Usage } from "./usage.ts";

/** The last rate that was tried for long, in calls a second. */
export interface LongRate {
  readonly rate: number;
  readonly seconds: number;
  readonly result: Pick<Generated, "calls" | "failures" | "whole" | "cpuSeconds">;
  readonly usage: Usage;
}

/** What is asked, and of what machine. */
export interface Asked {
  readonly rate: number;
  readonly cores: number;
}

/** The figures; the asked rate is asked of a machine alone that has the cores, those of the load included. */
export function outcomeOf(tried: LongRate, asked: Asked): Pick<Outcome, "figures" | "notMeasured"> {
  const { rate, seconds, result, usage } = tried;
  const for1000 = (cpuSeconds: number): number => (cpuSeconds * 1000) / result.calls;
  const cpu = usage.processes.reduce((sum, process) => sum + process.cpuSeconds, 0);
  const ofMesh = coresFor(asked.rate, for1000(cpu));
  const ofLoad = coresFor(asked.rate, for1000(result.cpuSeconds));
  const hasCores = asked.cores >= ofMesh + ofLoad;
  const figures: readonly Figure[] = [
    {
      what: `calls a second for ${seconds} s`,
      is: counted(rate),
      ...(hasCores && { asked: `at least ${counted(asked.rate)}`, met: rate >= asked.rate }),
    },
    { what: "calls", is: counted(result.calls) },
    {
      what: "calls that failed",
      is: counted(result.failures),
      asked: "0",
      met: result.failures === 0,
    },
    ...timesOf(result.whole),
    ...cpuFigures(usage, result.calls),
    {
      what: "processor seconds for 1,000 calls, load generator",
      is: for1000(result.cpuSeconds).toFixed(3),
    },
    { what: `cores for ${counted(asked.rate)} a second, computed`, is: ofMesh.toFixed(1) },
    { what: "cores for the load generator beside them, computed", is: ofLoad.toFixed(1) },
    ...roleFigures(usage),
  ];
  const few = `${counted(asked.rate)} calls a second: with the load generator they need ${(ofMesh + ofLoad).toFixed(1)} cores, computed from the processor time of 1,000 calls here; this machine has ${asked.cores}`;
  return { figures, ...(!hasCores && { notMeasured: [few] }) };
}

function timesOf(whole: readonly number[]): readonly Figure[] {
  return [0.5, 0.95, 0.99].map((share) => {
    const value = percentile(whole, share);
    return {
      what: `time of a call, P${share * 100}`,
      is: milliseconds(value),
      ...(share === 0.95 && { asked: `under ${mostP95Ms} ms`, met: value < mostP95Ms }),
    };
  });
}
