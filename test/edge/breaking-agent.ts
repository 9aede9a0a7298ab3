// An agent that takes every call and breaks the connection.

import { createServer } from "node:http2";

/** A running agent. */
export interface BreakingAgent {
  readonly port: number;
  /** How many calls it has broken. */
  broken(): number;
  stop(): void;
}

/** Starts it on a free port. */
export async function startBreakingAgent(): Promise<BreakingAgent> {
  let broken = 0;
  const server = createServer();
  server.on("stream", (stream) => {
    broken += 1;
    stream.on("error", () => undefined);
    stream.session?.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return { port: address.port, broken: () => broken, stop: () => server.close() };
}
