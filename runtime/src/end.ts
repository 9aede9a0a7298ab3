// How a process of ours ends: on a signal, or with the one that started it, once and in bounded time.

import type { Log } from "./log.ts";

/** In the environment of a process that must not outlive the one that started it: that one's id. */
export const parentVariable = "SMARTCALL_PARENT";

/** The longest `end` may take, in milliseconds, before the process exits with 1. */
export const longestEndMs = 10_000;

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
const watchEveryMs = 250;

/**
 * Calls `end` once, with the reason, at SIGINT, SIGTERM, SIGHUP, or, where
 * `SMARTCALL_PARENT` is set, when that process dies (the IPC channel to it
 * closes, or this process has another parent). Then exits: with 0, or with 1
 * where `end` fails or takes longer than `longestMs`. Another SIGINT or
 * SIGTERM while it runs exits with 1 at once.
 */
export function onEnd(
  log: Log,
  end: (reason: string) => Promise<void>,
  longestMs = longestEndMs,
): void {
  let ending = false;
  const begin = (reason: string, hurry: boolean): void => {
    if (ending) {
      if (hurry) process.exit(1);
      return;
    }
    ending = true;
    log.info({ reason }, "ending");
    setTimeout(() => {
      log.error({ afterMs: longestMs }, "not ended in time");
      process.exit(1);
    }, longestMs).unref();
    end(reason).then(
      () => process.exit(0),
      (error: unknown) => {
        log.error({ err: error }, "ending failed");
        process.exit(1);
      },
    );
  };

  for (const signal of signals) process.on(signal, () => begin(signal, signal !== "SIGHUP"));
  const parent = process.env[parentVariable];
  if (parent !== undefined && parent !== "") {
    onParentGone(Number(parent), () => begin("the process that started this one is gone", false));
  }
}

/**
 * Calls `gone` once when this process's parent is another one than `parent`, or
 * when the IPC channel to it closes. Keeps no process alive.
 */
export function onParentGone(parent: number, gone: () => void): void {
  let told = false;
  const tell = (): void => {
    if (told) return;
    told = true;
    clearInterval(watch);
    gone();
  };
  const watch = setInterval(() => {
    if (process.ppid !== parent) tell();
  }, watchEveryMs);
  watch.unref();
  if (process.channel !== undefined) {
    process.once("disconnect", tell);
    process.channel.unref();
  }
}
