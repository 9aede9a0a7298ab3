// Waits for what happens soon on a real wire.

/** Resolves once `holds` does; rejects, saying what was waited for, after two seconds. */
export async function eventually(what: string, holds: () => boolean): Promise<void> {
  const until = Date.now() + 2000;
  while (!holds()) {
    if (Date.now() > until) throw new Error(`not within two seconds: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
