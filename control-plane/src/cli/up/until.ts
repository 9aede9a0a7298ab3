// Waits for something to be so, for a bounded time.

/** How a wait ended. */
export type Waited = "ready" | "late" | "given up";

/**
 * Asks `isReady` until it says yes, `limitMs` have passed, or `signal` aborts.
 * A question that fails counts as no.
 */
export async function until(
  isReady: () => Promise<boolean>,
  { limitMs, signal, everyMs = 50 }: { limitMs: number; signal: AbortSignal; everyMs?: number },
): Promise<Waited> {
  const end = performance.now() + limitMs;
  while (!signal.aborted) {
    if (await isReady().catch(() => false)) return "ready";
    if (performance.now() > end) return "late";
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return "given up";
}
