// One process that is kept running: started, watched, started again, ended.

import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import {
  deathsAfter,
  edgeToldBy,
  isReplaceable,
  isStuck,
  keyVariablesToldBy,
  type ServedEdge,
  toldBy,
  waitAfter,
} from "@smartcall/runtime";
import { exitCodes } from "../exit-codes.ts";
import { lastWords, logSize, openLog } from "./log-file.ts";

/** What to run, and where its log goes. */
export interface ProcessPlan {
  /** As it is called in the terminal. */
  readonly name: string;
  readonly command: string;
  /** Looked at for each start. */
  readonly args: readonly string[];
  readonly cwd: string;
  /** Looked at for each start. */
  readonly env: NodeJS.ProcessEnv;
  /** Takes its standard output and error. */
  readonly logFile: string;
  /** Whether it is a Node program that watches its IPC channel for our end. */
  readonly watchesUs: boolean;
  /** The longest it may take to end when asked, in milliseconds; then it is killed. */
  readonly endMs: number;
}

/** A process that died without being asked to. */
export interface Death {
  readonly name: string;
  /** Such as `exit code 1`. */
  readonly how: string;
  /** The last thing its log says, if anything. */
  readonly lastWords: string | undefined;
  readonly logFile: string;
  /**
   * When it is started again, in milliseconds; undefined where it is not: it was
   * not to be kept yet, or it says that a setting is wrong, which no start mends.
   */
  readonly againInMs: number | undefined;
}

/** One process that is kept running. */
export interface Supervised {
  readonly plan: ProcessPlan;
  /** The present process's id. */
  pid(): number | undefined;
  /** Whether anything of it runs: the present process, or one that leaves. */
  runs(): boolean;
  /** From here on, a death is followed by a new start; before, it is not. */
  keep(): void;
  /** Asks it to end, waits, kills what is left of it, and starts it no more. */
  stop(): Promise<void>;
  /** Kills it and everything it started, at once. */
  kill(): void;
}

/** What a process does that the person at the terminal should know of. */
export interface Watched {
  died(death: Death): void;
  /** It says something, with `tellParent`; `stuck` where it was with `tellStuck`. */
  told(text: string, stuck: boolean): void;
  /** It says, with `tellEdge`, where the edge is. */
  served(edge: ServedEdge): void;
  /** It says, with `tellKeyVariables`, which variables are for it alone. */
  holds(keyVariables: readonly string[]): void;
}

/** The exit code of a process of ours whose settings are wrong. */
const badSettings = exitCodes.usage.code;

/**
 * Starts the process, in a session of its own: a terminal's Ctrl-C does not reach it. One that
 * says, with `tellReplaceable`, that it ends though it was not asked to here, is followed by
 * another at once, and awaited.
 */
export function supervise(plan: ProcessPlan, watched: Watched): Supervised {
  let child: ChildProcess | undefined;
  let deaths = 0;
  let kept = false;
  let ending = false;
  let again: NodeJS.Timeout | undefined;
  let ended: Promise<void> = Promise.resolve();
  /** Those that end by themselves, and when each has. */
  const leaving = new Map<ChildProcess, Promise<void>>();

  const start = (): void => {
    const offset = logSize(plan.logFile);
    const startedAt = performance.now();
    const dead = (how: string, { mayMend = true, maySpeak = true } = {}): void => {
      child = undefined;
      if (ending) return;
      deaths = deathsAfter(deaths, performance.now() - startedAt);
      const againInMs = kept && mayMend ? waitAfter(deaths) : undefined;
      if (againInMs !== undefined) again = setTimeout(start, againInMs);
      const words = maySpeak ? lastWords(plan.logFile, offset) : undefined;
      watched.died({ name: plan.name, how, lastWords: words, logFile: plan.logFile, againInMs });
    };
    const launched = launch(plan);
    if (!launched.ok) {
      dead(launched.problem);
      return;
    }
    child = launched.child;
    const { pid } = launched.child;
    launched.child.on("message", (message) => {
      const text = toldBy(message);
      if (text !== undefined) watched.told(text, isStuck(message));
      const edge = edgeToldBy(message);
      if (edge !== undefined) watched.served(edge);
      const names = keyVariablesToldBy(message);
      if (names !== undefined) watched.holds(names);
      if (isReplaceable(message) && kept && !ending && child === launched.child) {
        leaving.set(launched.child, ended);
        start();
      }
    });
    ended = new Promise((resolve) => {
      launched.child.once("error", (error) => {
        resolve();
        dead(error.message);
      });
      launched.child.once("exit", (code, signal) => {
        resolve();
        if (pid !== undefined) signalGroup(pid);
        if (leaving.delete(launched.child)) return;
        // Who is killed from outside says no more why: the log's end is of something else.
        dead(signal === null ? `exit code ${code}` : `signal ${signal}`, {
          mayMend: code !== badSettings,
          maySpeak: signal !== "SIGKILL",
        });
      });
    });
  };
  const kill = (): void => {
    ending = true;
    clearTimeout(again);
    for (const one of [...leaving.keys(), child]) {
      if (one?.pid !== undefined) signalGroup(one.pid);
    }
  };

  start();
  return {
    plan,
    pid: () => child?.pid,
    runs: () => child !== undefined || leaving.size > 0,
    keep: () => {
      kept = true;
    },
    stop: async () => {
      ending = true;
      clearTimeout(again);
      const late = setTimeout(kill, plan.endMs);
      child?.kill("SIGTERM");
      // Those that leave were asked already, and asked twice they would hurry.
      await Promise.all([...leaving.values(), child && ended]);
      clearTimeout(late);
    },
    kill,
  };
}

type Launched =
  | { readonly ok: true; readonly child: ChildProcess }
  | { readonly ok: false; readonly problem: string };

function launch(plan: ProcessPlan): Launched {
  let log: number;
  try {
    log = openLog(plan.logFile);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { ok: false, problem: `its log could not be opened (${reason})` };
  }
  const child = spawn(plan.command, plan.args, {
    cwd: plan.cwd,
    env: plan.env,
    detached: true,
    stdio: plan.watchesUs ? ["ignore", log, log, "ipc"] : ["ignore", log, log],
  });
  closeSync(log);
  return { ok: true, child };
}

/** Kills every process of the group, if any is left. */
function signalGroup(group: number): void {
  try {
    process.kill(-group, "SIGKILL");
  } catch {
    return;
  }
}
