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
  readonly result: Pick<Generated, "calls" | "failures" | "sinceDue" | "cpuSeconds">;
  readonly usage: Usage;
}

/** What is asked, and of what machine. */
export interface Asked {
  readonly rate: number;
  readonly cores: number;
}

/**
 * A machine with so many processor cores must hold the asked rate, the load made on it too. 1,000 calls took 0.78 s
 * of the mesh and 0.12 s of the load (docs/load-tests.md): 10,000 a second keep 9 cores busy, and a third more
 * leaves room for calls that come together. Fixed, since a mesh that came to cost more would else be asked less.
 */
export const coresEnough = 12;

/** The figures; the asked rate is asked of a machine that has the cores, of another what it held is told. */
export function outcomeOf(tried: LongRate, asked: Asked): Pick<Outcome, "figures" | "notMeasured"> {
  const { rate, seconds, result, usage } = tried;
  const for1000 = (cpuSeconds: number): number => (cpuSeconds * 1000) / result.calls;
  const cpu = usage.processes.reduce((sum, process) => sum + process.cpuSeconds, 0);
  const ofMesh = coresFor(asked.rate, for1000(cpu));
  const ofLoad = coresFor(asked.rate, for1000(result.cpuSeconds));
  const hasCores = asked.cores >= coresEnough;
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
    ...timesOf(result.sinceDue),
    ...cpuFigures(usage, result.calls),
    {
      what: "processor seconds for 1,000 calls, load generator",
      is: for1000(result.cpuSeconds).toFixed(3),
    },
    { what: `cores for ${counted(asked.rate)} a second, computed`, is: ofMesh.toFixed(1) },
    { what: "cores for the load generator beside them, computed", is: ofLoad.toFixed(1) },
    ...roleFigures(usage),
  ];
  const few =
    `${counted(asked.rate)} calls a second: they are asked of ${coresEnough} cores or more, and this machine has ` +
    `${asked.cores}; by the processor time of 1,000 calls here they need ${(ofMesh + ofLoad).toFixed(1)} with the load generator, computed`;
  return { figures, ...(!hasCores && { notMeasured: [few] }) };
}

function timesOf(sinceDue: readonly number[]): readonly Figure[] {
  return [0.5, 0.95, 0.99].map((share) => {
    const value = percentile(sinceDue, share);
    return {
      what: `time of a call since it was due, P${share * 100}`,
      is: milliseconds(value),
      ...(share === 0.95 && { asked: `under ${mostP95Ms} ms`, met: value < mostP95Ms }),
    };
  });
}
