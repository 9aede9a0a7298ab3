// Ports of this machine that nobody listens on.
import { createServer, type Server } from "node:net";

/**
 * Below those that systems give to connections that go out (from 32768 on), which might take one
 * before it is listened on, and those of sidecars (from 20000 on).
 */
const range = { first: 10_000, last: 19_999 } as const;

/**
 * As many free ports as asked for, all different, by chance: two Envoys that choose the same one
 * at once would share its connections without a word.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = range.first + Math.floor(Math.random() * (range.last - range.first + 1));
    if (await isFree(port)) ports.add(port);
  }
  return [...ports];
}

/** Listens on a free loopback port until it is closed. */
export async function occupyPort(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = await listen();
  return { port: portOf(server), close: () => close(server) };
}

/** Whether nobody listens on it, at any address. */
function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return address.port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
