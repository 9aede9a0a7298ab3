// An agent served over real gRPC for a test, and a client of it.

import { randomUUID } from "node:crypto";
import { credentials } from "@grpc/grpc-js";
import { AgentServiceClient } from "@smartcall/protos";
import { type Clock, createLog, systemClock } from "@smartcall/runtime";
import type { Agent } from "../agent.ts";
import { type AgentServer, startAgentServer } from "../agent-server.ts";
import type { Outbound } from "../calls/outbound.ts";
import { createHost } from "../create-host.ts";
import type { Host } from "../host.ts";
import { type LogLines, logLines } from "./log-lines.ts";

export interface ServedAgent {
  readonly host: Host;
  readonly server: AgentServer;
  readonly client: AgentServiceClient;
  readonly logged: LogLines;
  /** Begins the end of the process, as far as the host knows. */
  end(): void;
  close(): Promise<void>;
}

export async function serveForTest(
  agent: Agent,
  clock: Clock = systemClock,
  outbound?: Outbound,
): Promise<ServedAgent> {
  const ending = new AbortController();
  const logged = logLines();
  const host = createHost(agent, {
    log: createLog(agent.name, "debug", logged),
    clock,
    newId: randomUUID,
    ending: ending.signal,
    ...(outbound !== undefined && { outbound }),
  });
  const server = await startAgentServer(host);
  const client = new AgentServiceClient(server.address, credentials.createInsecure());
  return {
    host,
    server,
    client,
    logged,
    end: () => ending.abort(),
    async close() {
      client.close();
      ending.abort();
      await server.close(0);
    },
  };
}
