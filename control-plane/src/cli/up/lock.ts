// Lets one `smartcall up`, and one gateway of each name, run per state folder.

import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** The right to run, or who has it. */
export type Lock =
  | { readonly ok: true; release(): void }
  | { readonly ok: false; readonly pid: number };

/**
 * Takes the lock of the state folder, which must exist. A lock whose process is
 * gone (also where another process has its id by now) is taken over. Throws
 * where the disk refuses.
 *
 * @param name what there is to be one of
 */
export function takeLock(stateFolder: string, name = "up"): Lock {
  const file = join(stateFolder, `${name}.lock`);
  const own = `${file}.${process.pid}`;
  writeFileSync(own, `${process.pid} ${startTime(process.pid)}\n`, { mode: 0o600 });
  try {
    for (;;) {
      if (linked(own, file)) return { ok: true, release: () => rmSync(file, { force: true }) };
      const holder = holderOf(file);
      if (holder !== undefined) return { ok: false, pid: holder };
      setAside(file, `${own}.stale`);
    }
  } finally {
    rmSync(own, { force: true });
  }
}

/** A link is made only where nothing is, so of two that try at once one has it. */
function linked(own: string, file: string): boolean {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (hasCode(error, "EEXIST")) return false;
    throw error;
  }
}

/** The process that holds the lock, if it lives. */
function holderOf(file: string): number | undefined {
  const [pid, started] = read(file).trim().split(" ");
  return startTime(Number(pid)) === started && started !== "" ? Number(pid) : undefined;
}

function setAside(file: string, aside: string): void {
  try {
    renameSync(file, aside);
  } catch (error) {
    if (!hasCode(error, "ENOENT")) throw error;
  }
  rmSync(aside, { force: true });
}

/** When the process started, in ticks since boot: with its id it names one process for good. */
function startTime(pid: number): string {
  // The second field is the command in parentheses, and may hold anything.
  const stat = read(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
