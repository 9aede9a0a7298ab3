// Ports for a sidecar: free ones, that it can have again when it is started again.

import { createServer } from "node:net";

/**
 * Below those that systems give to outgoing connections (from 32768 on), so that no such
 * connection takes the port while the sidecar is away.
 */
const range = { first: 20_000, last: 32_767 } as const;
const tries = 100;

/**
 * A port that nobody listens on, on any address. Two Envoys at one port would share its
 * connections without a word, so it is chosen by chance, not the next one.
 *
 * @param random from 0 to 1, 1 excluded
 * @param taken others that are not to be chosen
 */
export async function freePort(
  random: () => number,
  taken: readonly number[] = [],
): Promise<number | undefined> {
  for (let left = tries; left > 0; left--) {
    const port = range.first + Math.floor(random() * (range.last - range.first + 1));
    if (!taken.includes(port) && (await isFree(port))) return port;
  }
  return undefined;
}

/** Whether nobody listens on it. */
export function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, host: "0.0.0.0", exclusive: true }, () =>
      server.close(() => resolve(true)),
    );
  });
}
