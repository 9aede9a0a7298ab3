// Whether what a process holds stays the same over a long load.
import { median } from "../bench/summary.ts";
import type { Figure } from "./scenario.ts";
import type { ProcessUsage, Sample, Usage } from "./usage.ts";

/** From the first quarter to the last, of what was seen once the process was warm. */
export interface Growth {
  readonly from: number;
  readonly to: number;
}

/** Caches fill and code is compiled in the first third: that is no leak. */
const warmUp = 1 / 3;

/** The medians of the first and the last quarter; undefined where there are too few samples. */
export function growth(
  samples: readonly Sample[],
  of: (sample: Sample) => number,
): Growth | undefined {
  const warm = samples.slice(Math.ceil(samples.length * warmUp));
  const quarter = Math.floor(warm.length / 4);
  if (quarter < 5) return undefined;
  const from = median(warm.slice(0, quarter).map(of));
  return { from, to: median(warm.slice(-quarter).map(of)) };
}

/** Memory that grows by no more than 5 %, and open files that do not grow, for each process. */
export function flatnessFigures({ processes }: Usage): readonly Figure[] {
  return processes.flatMap((process) => [memoryFigure(process), filesFigure(process)]);
}

const mostGrowth = 0.05;

function memoryFigure({ role, samples }: ProcessUsage): Figure {
  const what = `memory, ${role}`;
  const asked = `grows by ${mostGrowth * 100} % at most`;
  const grown = growth(samples, ({ megabytes }) => megabytes);
  if (grown === undefined) return { what, is: tooFew, asked, met: false };
  const by = grown.to / grown.from - 1;
  const is = `${grown.from.toFixed(1)} → ${grown.to.toFixed(1)} MB (${(by * 100).toFixed(1)} %)`;
  return { what, is, asked, met: by <= mostGrowth };
}

function filesFigure({ role, samples }: ProcessUsage): Figure {
  const what = `open files, ${role}`;
  const asked = "do not grow";
  const grown = growth(samples, ({ openFiles }) => openFiles);
  if (grown === undefined) return { what, is: tooFew, asked, met: false };
  return { what, is: `${grown.from} → ${grown.to}`, asked, met: grown.to <= grown.from };
}

const tooFew = "too short a load to tell";
