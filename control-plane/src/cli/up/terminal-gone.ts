// Notices that the terminal was closed where nobody sends SIGHUP.

import { closeSync, openSync } from "node:fs";

const lookEveryMs = 500;

/**
 * Calls `gone` once this process has lost its terminal, if it is shown in one.
 *
 * The kernel sends SIGHUP to the session's leader alone. A shell passes it on,
 * but `make` as the leader waits for us instead. Keeps no process alive.
 */
export function onTerminalGone(gone: () => void): void {
  const isShown = process.stdin.isTTY || process.stdout.isTTY;
  if (!isShown || !hasTerminal()) return;
  const watch = setInterval(() => {
    if (hasTerminal()) return;
    clearInterval(watch);
    gone();
  }, lookEveryMs);
  watch.unref();
}

/** Whether this process's session has a terminal: `/dev/tty` can be opened only then. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync("/dev/tty", "r"));
    return true;
  } catch {
    return false;
  }
}
