// A whole agent process, from its settings to its end.

import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type Address,
  createLog,
  formatAddress,
  isLoopback,
  type Log,
  onEnd,
  readSettings,
  startMetricsPage,
  systemClock,
} from "@smartcall/runtime";
import { collectDefaultMetrics } from "prom-client";
import type { Agent } from "./agent.ts";
import { startAgentServer } from "./agent-server.ts";
import { createHost } from "./create-host.ts";
import { holdLease } from "./lease.ts";
import { descriptorsOf } from "./own/own-descriptors.ts";

/** Together under the ten seconds that a process of ours has to end. */
const drainMs = 3000;
const patienceMs = 4000;

const agentName = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * Runs the agent as this process: serves its calls on a free loopback port,
 * joins the mesh, and on SIGTERM, SIGINT or the parent's death leaves it: no new
 * calls, those that run end, then exit. Bad settings: one sentence each on
 * standard error, exit code 2. An agent that cannot start: logged, exit code 1.
 */
export function serveAgent(agent: Agent): void {
  const settings = readSettings(["controlPlane", "stateFolder", "zone", "labels", "logLevel"], {
    argv: process.argv.slice(2),
    env: process.env,
    cwd: process.cwd(),
  });
  const problems = [
    ...(settings.ok ? placeProblems(settings.values.controlPlane) : settings.problems),
    ...nameProblems(agent.name),
  ];
  if (!settings.ok || problems.length > 0) {
    for (const problem of problems) console.error(problem);
    process.exitCode = 2;
    return;
  }
  const log = createLog(agent.name, settings.values.logLevel);
  const die = (error: unknown, message: string): void => {
    log.fatal({ err: error }, message);
    process.exit(1);
  };
  process.on("uncaughtException", (error) => die(error, "a bug: the agent ends"));
  run(agent, settings.values, log).catch((error: unknown) => die(error, "the agent cannot start"));
}

/** The join token goes to the control plane in the clear, so it must not leave this machine. */
function placeProblems(controlPlane: Address): readonly string[] {
  return isLoopback(controlPlane.host)
    ? []
    : [
        `SMARTCALL_CONTROL_PLANE is "${formatAddress(controlPlane)}": an agent speaks to it without TLS, so it must be on loopback.`,
      ];
}

interface Values {
  readonly controlPlane: { readonly host: string; readonly port: number };
  readonly stateFolder: string;
  readonly zone: string;
  readonly labels: Readonly<Record<string, string>>;
}

async function run(agent: Agent, values: Values, log: Log): Promise<void> {
  const ending = new AbortController();
  const host = createHost(agent, {
    log,
    clock: systemClock,
    newId: randomUUID,
    ending: ending.signal,
  });
  let leave = (): Promise<void> => Promise.resolve();
  onEnd(log, async () => {
    await leave();
    await agent.stop?.();
  });
  let setServing = (_: boolean): void => undefined;
  let serving = true;
  await agent.start?.(log, {
    set(value) {
      serving = value;
      setServing(value);
    },
  });
  const server = await startAgentServer(host);
  collectDefaultMetrics({ register: host.metrics.registry });
  const page = await startMetricsPage(host.metrics.registry);
  const joinTokenPath = join(values.stateFolder, "join-token");
  const lease = holdLease({
    controlPlane: formatAddress(values.controlPlane),
    joinToken: () => readToken(joinTokenPath),
    joinTokenPath,
    agent: agent.name,
    instance: `${agent.name}-${randomUUID()}`,
    address: server.address,
    version: agent.version ?? "",
    zone: values.zone,
    description: agent.description ?? "",
    labels: values.labels,
    load: () => ({ running: host.admission.running, waiting: host.admission.waiting }),
    services: descriptorsOf(agent.services ?? []),
    log,
    clock: systemClock,
  });
  setServing = (value) => {
    server.setServing(value);
    lease.setServing(value);
  };
  if (!serving) setServing(false);
  leave = async () => {
    server.setServing(false);
    if (!(await lease.drain(drainMs))) log.warn("ends without the mesh knowing");
    ending.abort();
    await server.close(patienceMs);
    lease.close();
    page.close();
  };
  log.info({ address: server.address, metrics: page.url }, "listening");
}

function readToken(path: string): string | undefined {
  try {
    const token = readFileSync(path, "utf8").trim();
    return token === "" ? undefined : token;
  } catch {
    return undefined;
  }
}

function nameProblems(name: string): readonly string[] {
  if (agentName.test(name)) return [];
  return [`"${name}" is no agent's name: take lower-case letters, digits and dashes, at most 63.`];
}
