// Finds addresses that two want: the gateway and an instance, or two agents.

import { isLocalName, isLoopback } from "../../source/addresses/address.ts";
import type { Origin } from "../../source/origin.ts";
import type { MeshConfig } from "../mesh-config.ts";
import { placeOf, problem, type Report } from "../problem.ts";
import { valueIn } from "../value-in.ts";

/** Reports instances where the gateway listens, and agents that share an instance. */
export function checkAddresses({ agents, flawed, gateway }: MeshConfig, report: Report): void {
  const { address, flawed: unsure, port } = gateway.https;
  const isKnown =
    !flawed.has("gateway") &&
    !gateway.flawed.has("https") &&
    !unsure.has("address") &&
    !unsure.has("port");
  const found = new Map<string, { readonly first: Place; last: string }>();
  for (const place of placesOf(agents)) {
    const { agent, at, host, text } = place;
    const same = valueIn(found, text, () => ({ first: place, last: "" }));
    // One that an agent lists twice is told by itself.
    if (same.last === agent) continue;
    same.last = agent;
    if (isKnown && place.port === port && isServedBy(address.value, host)) {
      report(problem("SC432", at, { agent, address: text }));
    }
    if (same.first !== place) {
      const words = { agent, other: same.first.agent, address: text };
      report(problem("SC433", at, { ...words, place: placeOf(same.first.at, at) }));
    }
  }
}

/** Where an instance is. */
interface Place {
  readonly agent: string;
  readonly at: Origin;
  /** Alike for places that are the same. */
  readonly text: string;
  readonly host: string;
  /** 0 of a Unix socket. */
  readonly port: number;
}

function* placesOf(agents: MeshConfig["agents"]): Iterable<Place> {
  for (const [agent, { value }] of agents) {
    const { dns, static: listed } = value.instances ?? {};
    for (const { at, value: written } of listed ?? []) {
      const { address } = written;
      if (address.kind === "unix") {
        yield { agent, at, text: `unix:${address.path}`, host: "", port: 0 };
      } else {
        const { host, port } = address;
        const text = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
        yield { agent, at, text, host, port };
      }
    }
    if (dns !== undefined) {
      const { host, port } = dns.value;
      yield { agent, at: dns.at, text: `${host.toLowerCase()}:${port}`, host, port };
    }
  }
}

/** Whether who listens at `address` is met at `host` of the same machine. */
function isServedBy(address: string, host: string): boolean {
  if (isLocalName(host)) return isLoopback(address) || address === "0.0.0.0" || address === "::";
  if (address === "0.0.0.0") return host.includes(".") && isLoopback(host);
  if (address === "::") return isLoopback(host);
  return host === address;
}
