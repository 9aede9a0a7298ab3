// A table of leases on a clock that the test moves, and all that it tells.

import type { Registration } from "./attach-lease.ts";
import { type FakeClock, fakeClock } from "./fake-clock.test.ts";
import type { LeaseNote, Leases, Refusal } from "./lease.ts";
import { createLeaseTable, type HeldLease, type LeaseTable } from "./lease-table.ts";
import { parseLeases } from "./remembered-leases.ts";

/** A table, its surroundings, and short words for what tests do with it. */
export interface LeaseRig {
  readonly clock: FakeClock;
  readonly table: LeaseTable;
  readonly changes: (readonly string[])[];
  readonly notes: LeaseNote[];
  /** Attaches an instance that listens on a port of 127.0.0.1. */
  try(
    agent: string,
    id: string,
    port: number,
    end?: (refusal: Refusal) => void,
  ): HeldLease | Refusal;
  /** The same, where it must be taken. */
  attach(agent: string, id: string, port: number, end?: (refusal: Refusal) => void): HeldLease;
  /** An agent's instances, and which of them get calls. */
  health(agent?: string): Record<string, boolean>;
  /** What the next control plane would start with. */
  restart(agents?: readonly string[]): LeaseRig;
}

export function leaseRig(
  options: {
    readonly clock?: FakeClock;
    readonly remembered?: Leases;
    readonly agents?: readonly string[];
    readonly dev?: boolean;
  } = {},
): LeaseRig {
  const { clock = fakeClock(), agents = ["echo", "poet"], dev = false, remembered } = options;
  const changes: (readonly string[])[] = [];
  const notes: LeaseNote[] = [];
  let kept = "";
  const table = createLeaseTable({
    clock,
    listing: { agents: new Set(agents), dev },
    ...(remembered && { remembered }),
    change: (change) => changes.push(change.agents),
    keep: (text) => {
      kept = text;
    },
    say: (note) => notes.push(note),
  });
  const rig: LeaseRig = {
    clock,
    table,
    changes,
    notes,
    try: (agent, id, port, end = () => undefined) =>
      table.attach(registration(agent, id, port), end),
    attach(...instance) {
      const taken = rig.try(...instance);
      if ("code" in taken) throw new Error(taken.message);
      return taken;
    },
    health: (agent = "echo") =>
      Object.fromEntries(
        (table.instances().get(agent) ?? []).map(({ id, healthy }) => [id, healthy]),
      ),
    restart(listed = agents) {
      table.close();
      const leases = parseLeases(kept, clock.now());
      if (leases === undefined) throw new Error(`not to be read: ${kept}`);
      return leaseRig({ clock, remembered: leases, agents: listed, dev });
    },
  };
  return rig;
}

function registration(agent: string, instance: string, port: number): Registration {
  const address = { kind: "ip", host: "127.0.0.1", port } as const;
  const description = "Says what it hears.";
  return { agent, instance, address, version: "1.0", zone: "z1", description };
}
