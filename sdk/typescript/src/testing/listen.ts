// Has a server of a test listen on a free port.
import type { Server } from "node:http";

/** A server that listens. */
export interface Listening {
  readonly port: number;
  /** Ends it, and all connections. */
  close(): Promise<void>;
}

/** Starts it on this machine alone. */
export async function listen(server: Server): Promise<Listening> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return {
    port: address.port,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
