// Tells which test files of a run take long, and how much of that is work of the processor.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import type Mocha from "mocha";
import { root } from "../checks/repository.ts";

/** What a file took, with its hooks, in seconds; of the processor also what it started and ended. */
interface Took {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

/** Shorter ones are not told, in seconds. */
const longFrom = 5;

/** Prints a line for each file that took long, the longest first, once the run has ended. */
export function tellFileTimes(runner: Mocha.Runner): void {
  const files = new Map<string, Took>();
  let began = { at: 0, cpu: 0 };
  runner.on("suite", ({ parent }) => {
    if (parent?.root) began = { at: performance.now(), cpu: cpuSeconds() };
  });
  runner.on("suite end", ({ parent, file = "" }) => {
    if (!parent?.root) return;
    const before = files.get(file);
    files.set(file, {
      seconds: (before?.seconds ?? 0) + (performance.now() - began.at) / 1_000,
      cpuSeconds: (before?.cpuSeconds ?? 0) + cpuSeconds() - began.cpu,
    });
  });
  runner.once("end", () => {
    const long = [...files].filter(([, { seconds }]) => seconds >= longFrom);
    for (const [file, { seconds, cpuSeconds }] of long.sort(
      ([, a], [, b]) => b.seconds - a.seconds,
    )) {
      const cpu = cpuSeconds.toFixed(1);
      console.log(`  ${seconds.toFixed(1)} s (${cpu} s of CPU) ${relative(root, file)}`);
    }
  });
}

/** What Linux counts for this process and its ended children; 0 on other systems. */
function cpuSeconds(): number {
  try {
    // After the name in brackets, which may hold spaces, the 12th to 15th: hundredths of a second.
    const stat = readFileSync("/proc/self/stat", "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0) / 100;
  } catch {
    return 0;
  }
}
