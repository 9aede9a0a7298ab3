// Has the ledger charge, once a second, what never settled.

import type { Clock } from "@smartcall/runtime";
import type { Ledger } from "../ledger/ledger.ts";
import type { QuotaMetrics } from "./metrics.ts";
import type { Trouble } from "./trouble.ts";

const everyMs = 1_000;

/** What sweeping needs. */
export interface SweepOptions {
  readonly ledger: Pick<Ledger, "expire">;
  readonly clock: Clock;
  readonly trouble: Trouble;
  readonly metrics: Pick<QuotaMetrics, "expired">;
  /** Told how many calls were charged as reserved. */
  readonly expired: (calls: number) => void;
}

/** Sweeps until the function returned is called, which resolves when it has ended. */
export function sweep(options: SweepOptions): () => Promise<void> {
  const { ledger, clock, trouble, metrics } = options;
  let over = false;
  let disarm = (): void => undefined;
  let running: Promise<void> = Promise.resolve();
  let hindered = false;
  const round = async (): Promise<void> => {
    for (let more = true; more && !over; ) {
      const answer = await ledger.expire(clock.now());
      if (!answer.ok) {
        hindered = true;
        trouble.failed(answer.problem);
        return;
      }
      const { charged } = answer.value;
      more = answer.value.more;
      // Where nothing expired, nothing was written: a disk that is full hinders no round of those.
      if (hindered || charged > 0) trouble.worked();
      hindered = false;
      if (charged === 0) continue;
      metrics.expired(charged);
      options.expired(charged);
    }
  };
  const arm = (): void => {
    disarm = clock.after(everyMs, () => {
      running = round()
        .catch((error: unknown) => trouble.failed(String(error)))
        .then(() => {
          if (!over) arm();
        });
    });
  };
  arm();
  return () => {
    over = true;
    disarm();
    return running;
  };
}
