// Finds the processes of one mesh: all of them inherit a mark in their environment.
import { readdirSync, readFileSync } from "node:fs";
import { eventually } from "./eventually.ts";

/** The variable that marks them. */
export const markVariable = "SMARTCALL_TEST_MARK";

/** One running process. */
export interface FoundProcess {
  readonly pid: number;
  readonly command: string;
}

/** Every living process with the mark, whoever its parent is by now. */
export function processesMarked(mark: string): readonly FoundProcess[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => read(`/proc/${pid}/environ`).split("\0").includes(`${markVariable}=${mark}`))
    .map((pid) => ({ pid: Number(pid), command: commandOf(pid) }))
    .filter(({ command }) => command !== "");
}

/** Waits until none with the mark lives. Throws where one does long after all should have ended. */
export function noneMarked(mark: string): Promise<void> {
  const none = (): void => {
    const left = processesMarked(mark);
    if (left.length > 0) throw new Error(`left running: ${JSON.stringify(left)}`);
  };
  return eventually(none, { withinMs: 15_000, everyMs: 100 });
}

/** The one process with the mark whose command line matches. Throws where there is none or more. */
export function processMarked(mark: string, command: RegExp): number {
  const matching = processesMarked(mark).filter((one) => command.test(one.command));
  const pids = new Set(matching.map(({ pid }) => pid));
  // A child of one, between its fork and what it is to become, has the same command line.
  const found = matching.filter(({ pid }) => !pids.has(parentOf(pid) ?? 0));
  const [only] = found;
  if (only === undefined || found.length > 1) {
    throw new Error(`${found.length} processes match ${command}: ${JSON.stringify(found)}`);
  }
  return only.pid;
}

/** Who started it, or has it by now; undefined where it has ended. */
export function parentOf(pid: number): number | undefined {
  const parent = /^PPid:\s+(\d+)$/m.exec(read(`/proc/${pid}/status`))?.[1];
  return parent === undefined ? undefined : Number(parent);
}

/** Empty for a process that has ended and is only waited for. */
function commandOf(pid: string): string {
  return read(`/proc/${pid}/cmdline`).replaceAll("\0", " ").trim();
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
