// An agent that takes every call and never answers.

import { createServer, type ServerHttp2Session } from "node:http2";
import { portOf } from "../harness/ports.ts";

/** A running agent. */
export interface StuckAgent {
  readonly port: number;
  /** The `grpc-timeout` of each call, in the order they came. */
  readonly timeouts: readonly string[];
  stop(): void;
}

/** Starts it on a free port. */
export async function startStuckAgent(): Promise<StuckAgent> {
  const timeouts: string[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer();
  server.on("session", (session) => sessions.add(session));
  server.on("stream", (stream, headers) => {
    timeouts.push(String(headers["grpc-timeout"]));
    stream.on("error", () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    port: portOf(server),
    timeouts,
    stop: () => {
      for (const session of sessions) session.destroy();
      server.close();
    },
  };
}
