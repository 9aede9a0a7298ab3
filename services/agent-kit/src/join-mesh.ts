// An instance as a part of the mesh: its server, its metrics and its lease, beside its sidecar.

import { randomUUID } from "node:crypto";
import {
  formatAddress,
  isLoopback,
  type Log,
  type SettingValues,
  startMetricsPage,
  systemClock,
} from "@smartcall/runtime";
import { collectDefaultMetrics } from "prom-client";
import type { Agent } from "./agent.ts";
import { startAgentServer } from "./agent-server.ts";
import { sidecarCalls } from "./calls/sidecar-calls.ts";
import { createHost } from "./create-host.ts";
import { holdLease } from "./lease.ts";
import { descriptorsOf } from "./own/own-descriptors.ts";
import type { RunningSidecar } from "./sidecar/start-sidecar.ts";

/** Together under the ten seconds that a process of ours has to end. */
const drainMs = 3000;
const patienceMs = 4000;

/** What an instance joins with. */
export interface Joining {
  readonly instance: string;
  readonly sidecar: RunningSidecar;
  readonly settings: Pick<SettingValues, "controlPlane" | "joinTokenFile" | "zone" | "labels">;
  readonly log: Log;
}

/** An instance that has joined, or is about to. */
export interface Joined {
  /** Whether it wants calls. */
  readonly setServing: (serving: boolean) => void;
  /** Leaves the mesh first: no new calls, those that run end, then the sidecar. */
  readonly leave: () => Promise<void>;
}

/** Serves the agent's calls on a Unix socket that only its sidecar knows, and takes its lease. */
export async function joinMesh(
  agent: Agent,
  { instance, sidecar, settings, log }: Joining,
): Promise<Joined> {
  const ending = new AbortController();
  const { folder } = sidecar;
  const calls = `unix:${folder.socket("calls")}`;
  const outbound = sidecarCalls({ calls, egressPort: sidecar.egressPort }, systemClock);
  const host = createHost(agent, {
    log,
    clock: systemClock,
    newId: randomUUID,
    ending: ending.signal,
    outbound,
  });
  const server = await startAgentServer(host, folder.socket("agent"));
  collectDefaultMetrics({ register: host.metrics.registry });
  const page = await startMetricsPage(host.metrics.registry);
  const lease = holdLease({
    sidecar: {
      lease: `unix:${folder.socket("lease")}`,
      ready: sidecar.ready,
      distrusted: sidecar.refreshToken,
      displaced: sidecar.displaced,
      unreached: sidecar.unreached,
    },
    elsewhere: !isLoopback(settings.controlPlane.host),
    controlPlane: formatAddress(settings.controlPlane),
    joinTokenPath: settings.joinTokenFile,
    agent: agent.name,
    instance,
    version: agent.version ?? "",
    zone: settings.zone,
    description: agent.description ?? "",
    labels: settings.labels,
    load: () => ({ running: host.admission.running, waiting: host.admission.waiting }),
    services: descriptorsOf(agent.services ?? []),
    log,
    clock: systemClock,
  });
  const { inboundPort: port } = sidecar;
  log.info({ address: server.address, port, metrics: page.url }, "listening");
  return {
    setServing(value) {
      server.setServing(value);
      lease.setServing(value);
    },
    async leave() {
      server.setServing(false);
      if (!(await lease.drain(drainMs))) log.warn("ends without the mesh knowing");
      ending.abort();
      await server.close(patienceMs);
      lease.close();
      outbound.close();
      page.close();
      await sidecar.end();
    },
  };
}
