// What each process of a mesh uses while it is under load: memory, open files, processor time.
import { readdirSync } from "node:fs";
import { cpuSeconds, peakMegabytes, residentMegabytes } from "../bench/process-cost.ts";
import { meshProcesses } from "./mesh-processes.ts";

/** One look at a process. */
export interface Sample {
  /** Since the watch began. */
  readonly seconds: number;
  readonly megabytes: number;
  readonly openFiles: number;
}

/** What a process used while it was watched. */
export interface ProcessUsage {
  readonly role: string;
  readonly pid: number;
  readonly samples: readonly Sample[];
  /** The most that it ever held, in MB, as Linux keeps it. */
  readonly peakMegabytes: number;
  /** Processor time from the beginning of the watch to its last look. */
  readonly cpuSeconds: number;
}

/** All that ran. */
export interface Usage {
  readonly seconds: number;
  readonly processes: readonly ProcessUsage[];
}

/** A watch that goes on until it is stopped. */
export interface UsageWatch {
  stop(): Usage;
}

interface Watched {
  readonly role: string;
  readonly pid: number;
  readonly samples: Sample[];
  readonly cpuBefore: number;
  cpu: number;
  peak: number;
}

const lookMs = 500;
/** To find processes costs more than to look at them. */
const findEvery = 10;

/** Watches every process with the mark, those too that begin later. */
export function watchUsage(mark: string): UsageWatch {
  const begin = performance.now();
  const watched = new Map<number, Watched>();
  let looks = 0;
  const seconds = (): number => (performance.now() - begin) / 1000;
  const look = (): void => {
    if (looks++ % findEvery === 0) find(mark, watched);
    for (const process of watched.values()) note(process, seconds());
  };
  look();
  const timer = setInterval(look, lookMs);
  return {
    stop: () => {
      clearInterval(timer);
      look();
      const processes = [...watched.values()].map(({ cpuBefore, cpu, peak, ...rest }) => ({
        ...rest,
        peakMegabytes: peak,
        cpuSeconds: cpu - cpuBefore,
      }));
      return {
        seconds: seconds(),
        processes: processes.sort((a, b) => a.role.localeCompare(b.role)),
      };
    },
  };
}

function find(mark: string, watched: Map<number, Watched>): void {
  for (const { name: role, pid } of meshProcesses(mark)) {
    if (watched.has(pid)) continue;
    const cpu = orGone(() => cpuSeconds(pid));
    if (cpu === undefined) continue;
    watched.set(pid, { role, pid, samples: [], cpuBefore: cpu, cpu, peak: 0 });
  }
}

function note(process: Watched, seconds: number): void {
  const { pid } = process;
  const sample = orGone(() => ({
    seconds,
    megabytes: residentMegabytes(pid),
    openFiles: readdirSync(`/proc/${pid}/fd`).length,
  }));
  // One that has ended and is only waited for has no memory.
  if (sample === undefined || Number.isNaN(sample.megabytes)) return;
  process.samples.push(sample);
  process.cpu = orGone(() => cpuSeconds(pid)) ?? process.cpu;
  process.peak = Math.max(process.peak, orGone(() => peakMegabytes(pid)) ?? 0);
}

function orGone<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
