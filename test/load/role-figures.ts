// What each process used, as figures: the most memory, and processor time for 1,000 calls.
import { megabytes } from "./amounts.ts";
import type { Figure } from "./scenario.ts";
import type { Usage } from "./usage.ts";

/**
 * The most memory that each process held, in the order of roles. Where there is none, none was
 * found, which is missed; one that ended before it was looked at is left out.
 *
 * @param most what each may hold at most, in MB; only told where it is not said
 */
export function roleFigures({ processes }: Usage, most?: number): readonly Figure[] {
  const seen = processes.filter(({ samples }) => samples.length > 0);
  if (seen.length === 0)
    return [{ what: "processes of ours", is: "none", asked: "some", met: false }];
  return seen.map(({ role, peakMegabytes }) => ({
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

/** How many processors each process of some roles took, by the mean of the whole time. */
export function processorFigures(
  { processes, seconds }: Usage,
  roles: readonly string[],
): readonly Figure[] {
  return processes
    .filter(({ role }) => roles.includes(role))
    .map(({ role, cpuSeconds }) => ({
      what: `processors of ${role}`,
      is: (cpuSeconds / seconds).toFixed(3),
    }));
}
