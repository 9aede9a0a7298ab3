// Waits for what happens soon on a real wire.

/** Resolves once `holds` does; rejects, saying what was waited for, after `ms`. */
export async function eventually(what: string, holds: () => boolean, ms = 10_000): Promise<void> {
  const until = Date.now() + ms;
  while (!holds()) {
    if (Date.now() > until) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
