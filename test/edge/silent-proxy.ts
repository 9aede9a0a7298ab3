// A proxy before an agent that can go silent as a machine does that lost its power.

import { connect, createServer, type Socket } from "node:net";
import { portOf } from "../harness/ports.ts";

/** It, running. */
export interface SilentProxy {
  readonly port: number;
  /** From now on nothing goes through, and nothing is closed. */
  goSilent(): void;
  stop(): void;
}

/** Starts it on a free port, before the one at `to`. */
export async function startSilentProxy(to: number): Promise<SilentProxy> {
  const sockets = new Set<Socket>();
  let silent = false;
  const pass = (from: Socket, other: Socket): void => {
    sockets.add(from);
    from.on("error", () => undefined);
    from.on("data", (bytes: Buffer) => {
      if (!silent) other.write(bytes);
    });
    from.on("close", () => {
      if (!silent) other.destroy();
    });
  };
  const server = createServer((client) => {
    const agent = connect(to, "127.0.0.1");
    pass(client, agent);
    pass(agent, client);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: portOf(server),
    goSilent: () => {
      silent = true;
    },
    stop: () => {
      for (const socket of sockets) socket.destroy();
      server.close();
    },
  };
}
