// A child process whose output is kept and can be waited for.
import { type ChildProcess, spawn } from "node:child_process";

/** A started child. Its output is standard output and error together, in the order they came. */
export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  output(): string;
  /** Resolves once the output holds `text`; throws when the child ends before, or it is late. */
  says(text: string | RegExp, withinMs?: number): Promise<void>;
  /** Its exit code and the signal that ended it, once it has ended and its output is whole. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
}

/** What to start, and where. */
export interface ChildOptions {
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** Starts a command in a process group of its own, so that it can be ended with all it started. */
export function startChild(command: string, args: readonly string[], options: ChildOptions): Child {
  const child = spawn(command, args, {
    ...options,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const listeners = new Set<() => void>();
  const changed = (): void => {
    for (const listener of listeners) listener();
  };
  const keep = (chunk: Buffer): void => {
    output += chunk.toString("utf8");
    changed();
  };
  child.stdout.on("data", keep);
  child.stderr.on("data", keep);
  let over = false;
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      over = true;
      changed();
      resolve({ code, signal });
    });
  });
  return {
    process: child,
    pid: child.pid ?? Number.NaN,
    output: () => output,
    ended,
    says: (text, withinMs = 60_000) =>
      new Promise((resolve, reject) => {
        const finish = (problem?: string): void => {
          clearTimeout(late);
          listeners.delete(look);
          if (problem === undefined) resolve();
          else reject(new Error(`${command} ${args.join(" ")}: ${problem} "${text}":\n${output}`));
        };
        const late = setTimeout(() => finish(`did not say in ${withinMs} ms`), withinMs);
        const look = (): void => {
          const said = typeof text === "string" ? output.includes(text) : text.test(output);
          if (said) finish();
          else if (over) finish("ended without saying");
        };
        listeners.add(look);
        look();
      }),
  };
}

/** Ends the child and everything it started: asks, waits, and kills what is left. */
export async function endGroup(child: Child, graceMs = 15_000): Promise<void> {
  signalGroup(child.pid, "SIGTERM");
  const late = setTimeout(() => signalGroup(child.pid, "SIGKILL"), graceMs);
  await child.ended;
  clearTimeout(late);
  signalGroup(child.pid, "SIGKILL");
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal);
  } catch {
    return;
  }
}
