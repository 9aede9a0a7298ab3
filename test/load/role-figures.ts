// What each process used, as figures: the most memory, and processor time for 1,000 calls.
import { megabytes } from "./amounts.ts";
import type { Figure } from "./scenario.ts";
import type { Usage } from "./usage.ts";

/**
 * The most memory that each process held, in the order of roles.
 *
 * @param most what each may hold at most, in MB; only told where it is not said
 */
export function roleFigures({ processes }: Usage, most?: number): readonly Figure[] {
  return processes.map(({ role, peakMegabytes }) => ({
    what: `memory at most, ${role}`,
    is: megabytes(peakMegabytes),
    ...(most !== undefined && { asked: `under ${most} MB`, met: peakMegabytes < most }),
  }));
}

/** Processor seconds of each process for 1,000 calls. */
export function cpuFigures({ processes }: Usage, calls: number): readonly Figure[] {
  return processes.map(({ role, cpuSeconds }) => ({
    what: `processor seconds for 1,000 calls, ${role}`,
    is: ((cpuSeconds * 1000) / calls).toFixed(3),
  }));
}
