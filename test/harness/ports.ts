// Ports of this machine that nobody listens on.
import { createServer, type Server } from "node:net";

/** As many free loopback ports as asked for, all different. */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map(portOf);
  await Promise.all(servers.map(close));
  return ports;
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

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return address.port;
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
