// Whether the parts of a starting mesh are ready, asked of each as its users would.

import { readFile } from "node:fs/promises";
import { ask } from "./ask.ts";

/** The control plane has loaded its state and answers. */
export async function controlPlaneReady(admin: string): Promise<boolean> {
  return (await ask(`http://${admin}/readyz`)).status === 200;
}

/** The edge answers over TLS with a certificate of the mesh's own authority. */
export async function edgeReady(url: string, caFile: string): Promise<boolean> {
  const ca = await readFile(caFile, "utf8");
  return (await ask(`${url}/healthz`, ca)).status === 200;
}

/** At least one healthy instance of the agent is part of the mesh. */
export async function agentReady(admin: string, agent: string): Promise<boolean> {
  const { status, body } = await ask(`http://${admin}/agents`);
  return status === 200 && hasHealthyInstance(JSON.parse(body), agent);
}

/** Reads the operator's page `/agents`. */
export function hasHealthyInstance(page: unknown, agent: string): boolean {
  const agents = list(field(page, "agents"));
  const entry = agents.find((one) => field(one, "name") === agent);
  return list(field(entry, "instances")).some((instance) => field(instance, "healthy") === true);
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null
    ? new Map<string, unknown>(Object.entries(value)).get(name)
    : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
