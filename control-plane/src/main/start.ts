// How the control plane's process begins and ends: its settings, its log, what it closes.

import { createLog, endByBug, type Log, onEnd, readSettings } from "@smartcall/runtime";
import type { Listening } from "../admin/index.ts";
import type { Outcome, Report } from "../state/index.ts";

/** What the parts of the process are opened with. */
export interface Started {
  readonly settings: ControlPlaneSettings;
  readonly log: Log;
  /** Tells of a problem of the state that the work goes on in spite of. */
  readonly report: Report;
  /** Has this closed at the process's end; the last begun is the first. */
  closing(close: () => Promise<void> | void): void;
}

type ControlPlaneSettings = Extract<ReturnType<typeof readOwn>, { ok: true }>["values"];

/** Reads the settings, and ends the process where they are wrong. */
export function start(): Started {
  const read = readOwn();
  if (!read.ok) {
    for (const problem of read.problems) process.stderr.write(`${problem}\n`);
    process.exit(2);
  }
  const settings = read.values;
  const log = createLog("control-plane", settings.logLevel);
  endByBug(log);
  const closers: (() => Promise<void> | void)[] = [];
  onEnd(log, async () => {
    for (const close of closers.reverse()) await close();
  });
  return {
    settings,
    log,
    report: ({ kind, message, path }) => log.warn({ kind, path }, message),
    closing: (close) => closers.push(close),
  };
}

/** Without this value there is no control plane: says why, and ends. */
export function must<T>(log: Log, outcome: Outcome<T>): T {
  return outcome.ok ? outcome.value : stop(log, outcome.problem.message);
}

/** Says why there is no control plane, and ends the process. */
export function stop(log: Log, problem: string): never {
  log.fatal(problem);
  process.exit(1);
}

function readOwn() {
  return readSettings(
    [
      "controlPlane",
      "nodes",
      "nodeNames",
      "adminAddress",
      "adminNames",
      "adminCertificate",
      "adminKey",
      "stateFolder",
      "meshFile",
      "quota",
      "logLevel",
    ],
    { argv: process.argv.slice(2), env: process.env, cwd: process.cwd(), joinRunning: false },
  );
}

/** Closes with the process what is open; the process ends where it could not be. */
export function keepOpen(
  { closing, log }: Pick<Started, "closing" | "log">,
  opened: Listening,
): void {
  if (opened.ok) closing(() => opened.close());
  else stop(log, opened.problem);
}
