// Work that a signal ends early, so that it can clean up behind itself.

const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Runs the work; its signal is aborted when the process is told to end. */
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stopped = new AbortController();
  const stop = (): void => stopped.abort();
  for (const signal of signals) process.once(signal, stop);
  try {
    return await work(stopped.signal);
  } finally {
    for (const signal of signals) process.off(signal, stop);
  }
}
