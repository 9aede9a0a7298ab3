// Ends of calls that came before their beginnings: tried once more.
//
// Where there are several services, one may be told that a call ended while another still
// writes down that it began, since its caller hung up at once.

import type { Clock } from "@smartcall/runtime";
import type { Usage } from "../ledger/level.ts";
import type { Settles } from "./settles.ts";

/** Longer than a gateway waits for a beginning to be written down, in milliseconds. */
const laterMs = 3_000;
/** The most that are kept, of each kind. */
const mostKept = 10_000;

/** What is known of calls that the ledger does not have. */
export interface EarlyEnds {
  /** This service was asked for it, and has written nothing down. */
  notGranted(id: string): void;
  /** The ledger does not know the call that ended. */
  unknown(id: string, usage: Usage): void;
  close(): void;
}

/** None yet. */
export function createEarlyEnds(settles: Pick<Settles, "settle">, clock: Clock): EarlyEnds {
  const refused = new Set<string>();
  const waiting = new Map<string, () => void>();
  return {
    notGranted(id) {
      refused.add(id);
      const [oldest] = refused;
      if (refused.size > mostKept && oldest !== undefined) refused.delete(oldest);
    },
    unknown(id, usage) {
      if (refused.delete(id) || waiting.has(id) || waiting.size >= mostKept) return;
      const disarm = clock.after(laterMs, () => {
        waiting.delete(id);
        // What fails is kept and tried again by whoever settles.
        settles.settle(id, usage).catch(() => undefined);
      });
      waiting.set(id, disarm);
    },
    close() {
      for (const disarm of waiting.values()) disarm();
      waiting.clear();
    },
  };
}
