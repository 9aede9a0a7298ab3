// An agent on the real kit, in the test's own process.

import { randomUUID } from "node:crypto";
import type { Agent } from "@smartcall/agent-kit";
import { startAgentServer } from "@smartcall/agent-kit/dist/agent-server.js";
import { createHost } from "@smartcall/agent-kit/dist/create-host.js";
import { createLog, systemClock } from "@smartcall/runtime";

/** It, running. */
export interface KitAgent {
  readonly port: number;
  stop(): Promise<void>;
}

/** Starts it on a free port. */
export async function startKitAgent(agent: Agent): Promise<KitAgent> {
  const ending = new AbortController();
  const host = createHost(agent, {
    log: createLog(agent.name, "fatal"),
    clock: systemClock,
    newId: randomUUID,
    ending: ending.signal,
  });
  const server = await startAgentServer(host);
  return {
    port: Number(server.address.split(":")[1]),
    async stop() {
      ending.abort();
      await server.close(0);
    },
  };
}
