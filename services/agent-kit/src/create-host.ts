// Puts together what an agent's calls share.

import type { Clock, Log } from "@smartcall/runtime";
import { createAdmission } from "./admission.ts";
import type { Agent } from "./agent.ts";
import { createCallMetrics } from "./call-metrics.ts";
import type { Outbound } from "./calls/outbound.ts";
import type { Host } from "./host.ts";
import { createRequestReader } from "./read-request.ts";

const windDownMs = 1000;

/** What a host is made with: the world it lives in. */
export interface World {
  readonly log: Log;
  readonly clock: Clock;
  readonly newId: () => string;
  /** Aborts when the process ends. */
  readonly ending: AbortSignal;
  /** How calls to other agents leave the process; absent, they cannot. */
  readonly outbound?: Outbound;
}

export function createHost(agent: Agent, world: World): Host {
  const admission = createAdmission(agent.concurrency);
  return {
    agent,
    admission,
    reader: createRequestReader(),
    metrics: createCallMetrics(agent.name, admission),
    windDownMs,
    halts: new Set(),
    ...world,
  };
}
