// What a process of this machine has used, as Linux counts it.
import { readdirSync, readFileSync } from "node:fs";

/**
 * The processor time that the threads of a process have used since they began, in seconds. Exact
 * where the kernel keeps it so; else it counts in 1/100.
 */
export function cpuSeconds(pid: number): number {
  const exact = nanosecondsOf(pid);
  return exact > 0 ? exact / 1e9 : countedSeconds(pid);
}

/** The first figure of `schedstat` is the time on a processor; 0 where the kernel keeps none. */
function nanosecondsOf(pid: number): number {
  try {
    const threads = readdirSync(`/proc/${pid}/task`);
    return threads.reduce((sum, thread) => {
      const [used] = readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ");
      return sum + Number(used);
    }, 0);
  } catch {
    // A thread ended between the two looks, or the process did, which the count then tells.
    return 0;
  }
}

function countedSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The same with the time of all that it started and that have ended. */
export function cpuSecondsWithEnded(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ").at(-1)?.split(" ") ?? [];
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0) / 100;
}

/** The memory that it holds, in MB. */
export function residentMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** The most memory that it has held, in MB. */
export function peakMegabytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
