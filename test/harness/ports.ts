// Ports of this machine that nobody listens on.
import { createServer, type Server } from "node:net";
import { freePort, passingPorts } from "@smartcall/runtime";

/**
 * As many free ports as asked for, all different, by chance: two Envoys that choose the same one
 * at once would share its connections without a word.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const ports = new Set<number>();
  while (ports.size < count) {
    const port = await freePort(passingPorts, Math.random, ports);
    if (port === undefined) throw new Error("no free port");
    ports.add(port);
  }
  return [...ports];
}

/** Listens on a free loopback port until it is closed. */
export async function occupyPort(): Promise<{ readonly port: number; close(): Promise<void> }> {
  const server = await listen();
  return { port: portOf(server), close: () => close(server) };
}

function listen(): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

/** The port that a server listens on. Throws where it listens on none. */
export function portOf(server: Pick<Server, "address">): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return address.port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
