// A port for a process that is about to start.

import { createServer } from "node:net";

/** Ports to choose from, both ends included. */
export interface PortRange {
  readonly first: number;
  readonly last: number;
}

/**
 * For what lives a short time. All are below those that systems give to outgoing connections
 * (from 32768 on), which might take one before it is listened on, and below those of sidecars.
 */
export const passingPorts: PortRange = { first: 10_000, last: 19_999 };

const tries = 100;

/**
 * A port that nobody listens on, on any address. Two Envoys at one port would share its
 * connections without a word, so it is chosen by chance, not the next one.
 *
 * @param random from 0 to 1, 1 excluded
 * @param taken others that are not to be chosen
 * @returns undefined where 100 tries found none, be it that none may be listened on
 */
export async function freePort(
  { first, last }: PortRange,
  random: () => number,
  taken: Iterable<number> = [],
): Promise<number | undefined> {
  const others = new Set(taken);
  for (let left = tries; left > 0; left--) {
    const port = first + Math.floor(random() * (last - first + 1));
    if (!others.has(port) && (await isFreePort(port))) return port;
  }
  return undefined;
}

/** Whether nobody listens on it, on any address, and this process may. */
export function isFreePort(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}
