// The instances that run, as a control plane tells of them.

import type { Instance } from "../../source/instance.ts";
import { parseLeaseAddress } from "../../source/leases/lease-address.ts";
import type { CommandEnd } from "../exit-codes.ts";
import { type AgentsAnswer, isAgentsAnswer } from "../remote/answers.ts";
import { findServer, getJson, type ServerSettings } from "../remote/index.ts";

/** The instances by agent, or why they are not known. */
export type RunningInstances =
  | { readonly ok: true; readonly value: ReadonlyMap<string, readonly Instance[]> }
  | { readonly ok: false; readonly end: CommandEnd };

/** Asks the control plane for them. */
export async function runningInstances(settings: ServerSettings): Promise<RunningInstances> {
  const found = await findServer(settings);
  if (!found.ok) return found;
  const got = await getJson(found.server, "/agents", isAgentsAnswer);
  return got.ok ? { ok: true, value: byAgent(got.value) } : got;
}

/** Sorted as the control plane sorts them; an address that is none of ours is left out. */
export function byAgent({ agents }: AgentsAnswer): ReadonlyMap<string, readonly Instance[]> {
  const found = new Map<string, Instance[]>();
  for (const { agent, instance, address: text, healthy, reach, version, zone } of agents) {
    const address = parseLeaseAddress(text);
    if (address === undefined) continue;
    const others = found.get(agent) ?? [];
    const whole = { id: instance, address, healthy, version, zone, ...(reach && { reach }) };
    found.set(agent, [...others, whole]);
  }
  return found;
}
