// Waits for something to become so, for a bounded time.

/** How long to wait and how often to look, in milliseconds. */
export interface Patience {
  readonly withinMs?: number;
  /** Default: often in the first second, and less often then: each look may be a call. */
  readonly everyMs?: number;
}

const firstMs = 1_000;
const oftenMs = 25;
const laterMs = 100;

/**
 * Looks until `look` returns without throwing and gives what it returned.
 * Throws the last error once the time is over.
 */
export async function eventually<T>(
  look: () => T | Promise<T>,
  { withinMs = 20_000, everyMs }: Patience = {},
): Promise<T> {
  const begin = performance.now();
  for (;;) {
    try {
      return await look();
    } catch (error) {
      const waitedMs = performance.now() - begin;
      if (waitedMs > withinMs) throw error;
      await pause(everyMs ?? (waitedMs < firstMs ? oftenMs : laterMs));
    }
  }
}

/** Lets time pass: for tests that watch something go on undisturbed. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
