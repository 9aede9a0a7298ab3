// The certificate of the mesh's own authority, renewed before it ends.

import type { Clock } from "@smartcall/runtime";
import { type Outcome, type Report, type ServerCertificate, success } from "../state/index.ts";

/** A certificate that is always good. */
export interface RenewedCertificate {
  current(): ServerCertificate;
  close(): void;
}

/** What a renewed certificate is made with. */
export interface RenewalOptions {
  readonly clock: Clock;
  readonly report: Report;
  /** There is another certificate. */
  readonly changed: () => void;
}

/** Timers hold no more than 2^31 milliseconds, and a failure is tried again before long. */
const longestWaitMs = 86_400_000;
const retryMs = 60_000;

/** The kept certificate or a new one, and from then on another whenever it is time. */
export async function renewedCertificate(
  make: (now: Date) => Promise<Outcome<ServerCertificate>>,
  { clock, report, changed }: RenewalOptions,
): Promise<Outcome<RenewedCertificate>> {
  const ask = () => make(new Date(clock.now()));
  const first = await ask();
  if (!first.ok) return first;
  let current = first.value;
  let cancel = (): void => undefined;
  let closed = false;

  const renew = async (): Promise<void> => {
    const next = await ask();
    if (closed) return;
    if (!next.ok) {
      report(next.problem);
      wait(retryMs);
      return;
    }
    const isOther = next.value.certificateChain !== current.certificateChain;
    current = next.value;
    if (isOther) changed();
    wait(untilRenewal());
  };
  const untilRenewal = (): number => Math.max(0, current.renewAt.getTime() - clock.now());
  const wait = (ms: number): void => {
    cancel = clock.after(Math.min(ms, longestWaitMs), () => void renew());
  };

  wait(untilRenewal());
  return success({
    current: () => current,
    close() {
      closed = true;
      cancel();
    },
  });
}
