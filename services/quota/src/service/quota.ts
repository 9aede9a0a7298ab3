// What the service does with what gateways ask; knows nothing of gRPC.

import type { Clock } from "@smartcall/runtime";
import type { Ledger } from "../ledger/ledger.ts";
import { levelsOf } from "../policy/levels.ts";
import type { PresentPolicies } from "../policy/present-policies.ts";
import type { Ask } from "./descriptor.ts";
import type { EarlyEnds } from "./early-ends.ts";
import type { QuotaMetrics } from "./metrics.ts";
import type { Settles } from "./settles.ts";
import type { Trouble } from "./trouble.ts";
import { noted, type Verdict, verdictOf } from "./verdict.ts";

/**
 * After the longest that a call can take: a call that did not settle by then
 * never will, in milliseconds.
 */
export const graceMs = 60_000;

/** What it needs. */
export interface QuotaOptions {
  readonly ledger: Ledger;
  readonly policies: PresentPolicies;
  readonly settles: Pick<Settles, "settle">;
  readonly earlyEnds: Pick<EarlyEnds, "notGranted" | "unknown">;
  readonly trouble: Trouble;
  readonly metrics: QuotaMetrics;
  readonly clock: Clock;
}

/** An answer, or why there is none: then the caller's route says what becomes of the call. */
export type Answered =
  | { readonly ok: true; readonly verdict: Verdict }
  | { readonly ok: false; readonly problem: string };

/** Answers what gateways ask. `isGone` says whether the one that asked waits no more. */
export type Quota = (ask: Ask, isGone: () => boolean) => Promise<Answered>;

/** Answers by the present policies, from the ledger. */
export function createQuota(options: QuotaOptions): Quota {
  const { ledger, policies, settles, earlyEnds, trouble, metrics, clock } = options;
  const reserving = new Map<string, Promise<unknown>>();

  const reserve = async (
    { id, inside, keys, route }: Extract<Ask, { phase: "reserve" }>,
    isGone: () => boolean,
  ): Promise<Answered> => {
    const plan = await policies.route(route);
    if (plan === undefined) {
      metrics.reserved("failed");
      return { ok: false, problem: `The quota service does not know the route ${route} yet.` };
    }
    if (isGone()) {
      earlyEnds.notGranted(id);
      return gone;
    }
    const now = clock.now();
    const rules = inside ? plan.paid : plan.rules;
    const levels = levelsOf(rules, keys, now);
    const wanted = plan.wanted ?? { tokens: 0, minimum: 0 };
    const expires = now + plan.longestMs + graceMs;
    const answer = await ledger.reserve({ id, now, expires, wanted, levels });
    if (!answer.ok) {
      trouble.failed(answer.problem);
      metrics.reserved("failed");
      return answer;
    }
    const reserved = answer.value;
    metrics.reserved(reserved.kind);
    if (reserved.kind === "granted") trouble.worked();
    else earlyEnds.notGranted(id);
    if (isGone()) {
      // The call did not start, or it did without waiting; what it then uses is still charged.
      if (reserved.kind === "granted") await ledger.release(id, now);
      return gone;
    }
    const asked = { now, wanted: plan.wanted };
    return { ok: true, verdict: verdictOf(reserved, rules, levels, asked) };
  };

  return async (ask, isGone) => {
    if (ask.phase === "reserve") {
      const answering = reserve(ask, isGone);
      reserving.set(ask.id, answering);
      try {
        return await answering;
      } finally {
        reserving.delete(ask.id);
      }
    }
    // A call may end while it is still being reserved for.
    await reserving.get(ask.id);
    const settled = await settles.settle(ask.id, ask.usage);
    if (settled === "unknown") earlyEnds.unknown(ask.id, ask.usage);
    metrics.settled(settled);
    return { ok: true, verdict: noted };
  };
}

const gone: Answered = { ok: false, problem: "The gateway waits no more." };
