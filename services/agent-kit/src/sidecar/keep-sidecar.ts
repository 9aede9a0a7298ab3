// Starts a sidecar, starts it again when it ends by itself, and ends it.

import { type ChildProcess, spawn } from "node:child_process";
import { sidecarArguments } from "@smartcall/envoy";
import { type Clock, deathsAfter, type Log, waitAfter } from "@smartcall/runtime";
import { adminStatus } from "./admin-page.ts";
import type { InstanceFolder } from "./instance-folder.ts";

/** What it is started with. */
export interface SidecarTerms {
  readonly agent: string;
  /** The Envoy binary. */
  readonly envoy: string;
  readonly folder: InstanceFolder;
  /** Made anew for each start; a sentence where it cannot be yet, to be said once. */
  readonly bootstrap: () => { readonly text: string } | { readonly hindrance: string };
  readonly log: Log;
  readonly clock: Clock;
}

/** A sidecar that runs, or is about to. */
export interface Sidecar {
  /** It serves what it was given. */
  ready(): boolean;
  /** Ends it, and starts it with another bootstrap. */
  restart(): void;
  /** Ends it for good; resolves once it has ended. */
  end(): Promise<void>;
}

const missingMs = 1_000;
/** Between two looks at a sidecar that is not ready: at first, and at most; where many start on one machine, looking is not to be what takes it. */
const pollMs = { first: 25, most: 400 } as const;
/** How long it may take to end when asked to. */
const endMs = 1_000;

/** Call it from the main thread: Envoy ends with the thread that started it. */
export function keepSidecar(terms: SidecarTerms): Sidecar {
  const { clock, folder, log } = terms;
  let child: ChildProcess | undefined;
  let over = false;
  let asked = false;
  let isReady = false;
  let deaths = 0;
  let disarm = (): void => undefined;
  let said = "";

  const start = (): void => {
    const made = terms.bootstrap();
    if ("hindrance" in made) {
      if (made.hindrance !== said) log.warn(made.hindrance);
      said = made.hindrance;
      disarm = clock.after(missingMs, start);
      return;
    }
    said = "";
    asked = false;
    folder.writeBootstrap(made.text);
    const beganAt = clock.now();
    const started = spawn(terms.envoy, [...sidecarArguments(terms.agent)], {
      cwd: folder.path,
      // Its lines are lines of the agent's log; Ctrl-C at a terminal is the agent's to obey.
      stdio: ["ignore", 1, 1],
      detached: true,
    });
    child = started;
    const gone = (why: string): void => {
      if (child !== started) return;
      child = undefined;
      isReady = false;
      folder.removeBootstrap();
      if (over) return;
      if (asked) {
        start();
        return;
      }
      deaths = deathsAfter(deaths, clock.now() - beganAt);
      const againInMs = waitAfter(deaths);
      log.warn({ why, againInMs }, "the sidecar has ended; it is started again");
      disarm = clock.after(againInMs, start);
    };
    started.once("error", (error) => gone(error.message));
    started.once("exit", (code, signal) => gone(signal ?? `exit code ${code}`));
    watch(started);
  };

  /** Envoy has read its bootstrap once its pages answer. */
  const watch = (started: ChildProcess, waitMs: number = pollMs.first): void => {
    const look = (status?: number): void => {
      if (child !== started) return;
      if (status !== undefined) folder.removeBootstrap();
      isReady = status === 200;
      if (isReady) log.debug({ pid: started.pid }, "the sidecar is ready");
      else clock.after(waitMs, () => watch(started, Math.min(waitMs * 1.5, pollMs.most)));
    };
    adminStatus(folder.socket("admin"), "/ready").then(look, () => look());
  };

  /** Ends it; by force where it does not in time. */
  const stop = (running: ChildProcess): void => {
    const inTime = clock.after(endMs, () => running.kill("SIGKILL"));
    running.once("exit", inTime);
    running.kill("SIGTERM");
  };

  start();
  return {
    ready: () => isReady,
    restart() {
      isReady = false;
      asked = true;
      if (child !== undefined) stop(child);
    },
    async end() {
      over = true;
      isReady = false;
      disarm();
      const last = child;
      if (last === undefined) return;
      await new Promise<void>((resolve) => {
        last.once("exit", () => resolve());
        stop(last);
      });
    },
  };
}
