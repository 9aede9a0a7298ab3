// Waits in a test for something to become so.

import { until } from "../up/until.ts";

/** Waits until it is so; throws where it is not within 20 s. */
export async function soon(
  isSo: () => boolean,
  problem = (): string => "it did not become so",
): Promise<void> {
  const { signal } = new AbortController();
  const waited = await until(async () => isSo(), { limitMs: 20_000, signal, everyMs: 20 });
  if (waited !== "ready") throw new Error(problem());
}
