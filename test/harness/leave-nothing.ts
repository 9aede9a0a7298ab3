// Whatever a program of ours started ends with it, and what it wrote for a time goes: at Ctrl-C too, and where it fails.
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pause } from "./eventually.ts";
import { parentOf } from "./processes.ts";

const exitCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
const failed = 1;
/** How long what was asked to end may take, in milliseconds, before it is killed. */
const graceMs = 15_000;
/** How long it may take to be gone then, in milliseconds. */
const goneMs = 5_000;
const lookMs = 100;

/**
 * To be called once, before anything is started. Gives this process, and all that it starts, one
 * folder for temporary files, which goes with it. At SIGINT, SIGTERM or SIGHUP, and at an exception
 * that nobody caught, every process that was started ends first: it is asked to, and killed
 * after 15 seconds, or at once by a second signal.
 *
 * @returns aborted once this process is ending
 */
export function leaveNothing(): AbortSignal {
  const folder = mkdtempSync(join(tmpdir(), "smartcall-run-"));
  process.env["TMPDIR"] = folder;
  const ending = new AbortController();
  const end = (code: number): void => {
    ending.abort();
    void endAll(folder, graceMs).then(() => process.exit(code));
  };
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (ending.signal.aborted) {
        void endAll(folder, 0).then(() => process.exit(exitCodes[signal]));
        return;
      }
      console.error("\nEnding what was started …");
      end(exitCodes[signal]);
    });
  }
  process.on("uncaughtException", (error) => {
    // What is ending fails in many ways, of which none matters any more.
    if (ending.signal.aborted) return;
    console.error(error);
    end(failed);
  });
  process.on("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return ending.signal;
}

/** Goes on until none is left, since what is under way may still start more. */
async function endAll(folder: string, grace: number): Promise<void> {
  const killAt = performance.now() + grace;
  const asked = new Set<number>();
  while (performance.now() < killAt + goneMs) {
    const left = new Set(startedWith(folder));
    if (left.size === 0) return;
    for (const pid of left) {
      if (performance.now() >= killAt) tell(pid, "SIGKILL");
      // Each ends its own first: what is left of those is asked once it is gone.
      else if (!asked.has(pid) && !left.has(parentOf(pid) ?? 0)) {
        asked.add(pid);
        tell(pid, "SIGTERM");
      }
    }
    await pause(lookMs);
  }
  console.error(`Left running: ${startedWith(folder).join(", ")}.`);
}

/** Living processes that have the folder for their temporary files, are in it, or were told of it. */
function startedWith(folder: string): readonly number[] {
  const told = `TMPDIR=${folder}`;
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && name !== String(process.pid))
    .filter((pid) => {
      const command = orNothing(() => readFileSync(`/proc/${pid}/cmdline`, "utf8"));
      if (command === "") return false;
      return (
        command.includes(folder) ||
        orNothing(() => readlinkSync(`/proc/${pid}/cwd`)).startsWith(folder) ||
        orNothing(() => readFileSync(`/proc/${pid}/environ`, "utf8"))
          .split("\0")
          .includes(told)
      );
    })
    .map(Number);
}

/** Of a process that has ended meanwhile nothing can be read. */
function orNothing(read: () => string): string {
  try {
    return read();
  } catch {
    return "";
  }
}

function tell(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    return;
  }
}
