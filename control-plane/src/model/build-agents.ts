// Makes agents of what operators wrote of them, and of what runs.

import type { AgentConfig, InstancesConfig } from "../config/agent-config.ts";
import type { MeshConfig } from "../config/mesh-config.ts";
import { isLocal } from "../source/addresses/address.ts";
import { compare } from "../source/compare.ts";
import type { Instance, InstanceAddress, Reach } from "../source/instance.ts";
import type { Material } from "./build-mesh.ts";
import type { Agent, CertificateName, UpstreamTls } from "./mesh.ts";
import type { Balance } from "./resilience.ts";

/** The agents, by name. */
export function agentsOf(config: MeshConfig, material: Material): readonly Agent[] {
  return [...config.agents]
    .map(([name, { at, value }]): Agent => {
      const tls = tlsOf(name, value.instances, material);
      const calls = [...new Set(value.calls?.map((call) => call.value))].sort(compare);
      const { ejection } = value;
      const services = material.services?.get(name);
      return {
        name,
        instances: instancesOf(name, value, material),
        ...(tls && { tls }),
        ...(calls.length > 0 && { calls }),
        ...(value.expose?.value === false && { hidden: true }),
        ...(value.balance.kind !== "least-request" && { balance: balanceOf(value) }),
        ...(value.concurrency && { concurrency: { running: value.concurrency } }),
        ...(ejection && {
          ejection:
            ejection === "never"
              ? ejection
              : { failures: ejection.failures, forMs: ejection.for, mostPercent: ejection.most },
        }),
        ...(services && { services }),
        origin: at,
      };
    })
    .sort((a, b) => compare(a.name, b.name));
}

/** How instances are reached that the file gives addresses or a name of. */
export function reachOf(instances: InstancesConfig, isOnThisMachine: boolean): Reach {
  if (instances.tls !== undefined) return "authority";
  return instances.sidecars?.value === true || !isOnThisMachine ? "sidecar" : "plain";
}

/**
 * Those of leases and DNS, and those that are listed. An address is one instance: what
 * a lease says of it counts first, since only that knows how the instance is.
 */
function instancesOf(
  name: string,
  { instances }: AgentConfig,
  material: Material,
): readonly Instance[] {
  const listed = (instances?.static ?? []).map(
    ({ value: { address, text } }): Instance => ({
      id: text,
      address,
      // Nobody says how they are; a call that none of them takes is tried on another.
      healthy: true,
      zone: "",
      version: "",
      ...(instances && { reach: reachOf(instances, isLocal(address)) }),
    }),
  );
  const byPlace = new Map<string, Instance>();
  for (const instance of [...(material.instances.get(name) ?? []), ...listed]) {
    const place = placeOf(instance.address);
    if (!byPlace.has(place)) byPlace.set(place, instance);
  }
  return [...byPlace.values()].sort(
    (a, b) => compare(a.id, b.id) || compare(placeOf(a.address), placeOf(b.address)),
  );
}

function placeOf(address: InstanceAddress): string {
  return address.kind === "unix" ? `unix:${address.path}` : `${address.host} ${address.port}`;
}

function tlsOf(
  agent: string,
  instances: InstancesConfig | undefined,
  { authorities }: Material,
): UpstreamTls | undefined {
  if (instances?.tls === undefined) return undefined;
  const believed = authorities?.get(agent);
  // In the clear instead would be a leak, and the files were read when the config was checked.
  if (believed === undefined) throw new Error(`The authorities of ${agent} were not given.`);
  const name = instances.tls.name?.value ?? instances.dns?.value.host;
  const addresses = (instances.static ?? []).flatMap(({ value: { address } }) =>
    address.kind === "ip" ? [address.host] : [],
  );
  const ofAddresses: readonly CertificateName[] =
    instances.tls.name === undefined
      ? [...new Set(addresses)].sort(compare).map((value) => ({ kind: "ip", value }))
      : [];
  const names: readonly CertificateName[] =
    name === undefined ? ofAddresses : [{ kind: "dns", value: name }, ...ofAddresses];
  return { authorities: believed, serverName: name, names };
}

function balanceOf({ balance }: AgentConfig): Balance {
  switch (balance.kind) {
    case "least-request":
      return balance;
    case "claim":
      return { kind: "hash", by: { kind: "claim", claim: balance.claim } };
    case "header":
      return { kind: "hash", by: { kind: "header", header: balance.header } };
  }
}
