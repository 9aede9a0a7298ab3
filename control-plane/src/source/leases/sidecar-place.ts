// Where an instance is reached that holds its lease by its sidecar: at that, wherever it listens.

import type { Clock } from "@smartcall/runtime";
import type { InstanceAddress } from "../instance.ts";

/** A sidecar that is connected. */
export interface SidecarPlace {
  /** Whose it is, as it has proved. */
  readonly agent: string;
  /** Where it takes calls; undefined where that cannot be known. */
  readonly address: InstanceAddress | undefined;
  /** It has not answered for its listeners yet. */
  readonly pending?: boolean;
  /** Why it does not listen there: its own words. */
  readonly refused?: string | undefined;
}

/** What a stream says, through its sidecar, of the node that it comes by. */
export const nodeHeader = "smartcall-node";

/** How long a sidecar may be later than its agent, in milliseconds. */
export const sidecarMs = 4_000;
const lookMs = 25;

/** The place of a sidecar, which may connect a moment after its agent; undefined where it does not. */
export function awaitPlace(
  find: () => SidecarPlace | undefined,
  clock: Clock,
): Promise<SidecarPlace | undefined> {
  const end = clock.now() + sidecarMs;
  return new Promise((resolve) => {
    const look = (): void => {
      const found = find();
      const isThere = found !== undefined && found.pending !== true;
      if (isThere || clock.now() >= end) resolve(found);
      else clock.after(lookMs, look);
    };
    look();
  });
}
