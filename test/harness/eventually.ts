// Waits for something to become so, for a bounded time.

/** How long to wait and how often to look, in milliseconds. */
export interface Patience {
  readonly withinMs?: number;
  readonly everyMs?: number;
}

/**
 * Looks until `look` returns without throwing and gives what it returned.
 * Throws the last error once the time is over.
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  { withinMs = 20_000, everyMs = 25 }: Patience = {},
): Promise<T> {
  const end = performance.now() + withinMs;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (performance.now() > end) throw error;
    }
    await pause(everyMs);
  }
}

/** Lets time pass: for tests that watch something go on undisturbed. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
