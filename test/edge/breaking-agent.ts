// An agent that takes every call and breaks the connection.

import { createServer } from "node:http2";
import { portOf } from "../harness/ports.ts";

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
  return { port: portOf(server), broken: () => broken, stop: () => server.close() };
}
