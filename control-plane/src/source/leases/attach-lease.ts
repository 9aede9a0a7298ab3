// An instance announces itself.

import { gatewayName, type InstanceAddress } from "../instance.ts";
import { nodeNamePattern } from "../node-name.ts";
import type { OwnServices } from "../own-services/index.ts";
import {
  type Holder,
  keyOf,
  type Lease,
  type LeaseNote,
  type Leases,
  type Refusal,
  type Step,
  withLease,
  without,
} from "./lease.ts";
import { printLeaseAddress } from "./lease-address.ts";

/** What an instance says of itself, after it was found to make sense. */
export interface Registration {
  readonly agent: string;
  readonly instance: string;
  /** Where its sidecar takes its calls. */
  readonly address: InstanceAddress;
  readonly version: string;
  readonly zone: string;
  readonly description: string;
  /** What operators are shown of it. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What it serves beside the contract. */
  readonly services?: OwnServices | undefined;
}

/** Which agents may attach. */
export interface Listing {
  /** The agents that `mesh.yaml` lists. */
  readonly agents: ReadonlySet<string>;
  /** Agents that are not listed may attach too. */
  readonly dev: boolean;
}

/**
 * Takes the instance into the mesh, or says why not.
 *
 * The same instance on a new stream replaces itself. An address has one owner:
 * one whose stream is open keeps it; one that is lost or only remembered has
 * ended, since something else listens there.
 */
export function attachLease(
  leases: Leases,
  registration: Registration,
  at: { readonly holder: Holder; readonly listing: Listing; readonly now: number },
): Step | Refusal {
  const { agent, instance: id } = registration;
  if (!nodeNamePattern.test(agent) || agent === gatewayName) return badName(agent);
  const listed = at.listing.agents.has(agent);
  const refusal = refusalOf(agent, at.listing);
  if (refusal !== undefined) return refusal;
  const key = keyOf(agent, id);
  const before = leases.get(key);
  const rivals = ownersOf(leases, registration.address).filter((lease) => lease !== before);
  const rival = rivals.find(({ hold }) => hold.kind === "held");
  if (rival !== undefined) return addressTaken(registration.address, rival);

  const { address, version, zone, description, labels, services } = registration;
  const lease: Lease = {
    agent,
    instance: { id, address, version, zone, healthy: true, reach: "sidecar" },
    description,
    ...(labels && { labels }),
    since: before?.since ?? at.now,
    ...(services && { services }),
    hold: { kind: "held", holder: at.holder },
  };
  const gone = rivals.map((each) => keyOf(each.agent, each.instance.id));
  return {
    leases: withLease(without(leases, gone), lease),
    notes: [...(listed ? [] : [takenUnlisted(lease)]), ...rivals.map(outlived)],
    ended:
      before?.hold.kind === "held" ? [{ holder: before.hold.holder, refusal: replaced(id) }] : [],
  };
}

/** Why the instances of an agent are not taken, if they are not. */
export function refusalOf(agent: string, { agents, dev }: Listing): Refusal | undefined {
  return agents.has(agent) || dev ? undefined : unlisted(agent);
}

function unlisted(agent: string): Refusal {
  const message = `mesh.yaml does not list the agent "${agent}"; add this line under "agents:":\n  ${agent}: {}`;
  return { code: "FAILED_PRECONDITION", message };
}

function badName(agent: string): Refusal {
  const message = `"${agent}" is no name for an agent: use lower-case letters, digits and dashes, and not "${gatewayName}".`;
  return { code: "INVALID_ARGUMENT", message };
}

function ownersOf(leases: Leases, address: InstanceAddress): readonly Lease[] {
  const place = printLeaseAddress(address);
  return [...leases.values()].filter(
    ({ instance }) => printLeaseAddress(instance.address) === place,
  );
}

function addressTaken(address: InstanceAddress, { agent, instance }: Lease): Refusal {
  const message = `${printLeaseAddress(address)} is where instance ${instance.id} of ${agent} listens.`;
  return { code: "ALREADY_EXISTS", message };
}

function replaced(id: string): Refusal {
  return { code: "ABORTED", message: `Instance ${id} attached again on another stream.` };
}

function takenUnlisted({ agent, instance }: Lease): LeaseNote {
  const message = `mesh.yaml does not list the agent ${agent}; it is taken because this is a development mesh`;
  return { level: "warn", agent, instance: instance.id, message };
}

function outlived({ agent, instance }: Lease): LeaseNote {
  const message = "another instance listens at its address: it is gone";
  return { level: "info", agent, instance: instance.id, message };
}
