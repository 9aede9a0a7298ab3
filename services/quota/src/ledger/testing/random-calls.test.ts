// Random calls on a ledger, beside a sketch of what must be true of it at every moment.

import { expect } from "chai";
import fc from "fast-check";
import type { Ledger } from "../ledger.ts";
import type { Usage } from "../level.ts";
import { beginning, kept, slot, tokens, window } from "./steps.test.ts";

/** What happens to the calls of a run. */
export type Act =
  | {
      readonly do: "reserve";
      readonly team: number;
      readonly wanted: number;
      readonly lasts: number;
    }
  | { readonly do: "settle"; readonly call: number; readonly share: number; readonly how: number }
  | { readonly do: "release"; readonly call: number }
  | { readonly do: "later"; readonly ms: number }
  /** Another process goes on, and asks again what this one has not answered yet. */
  | { readonly do: "restart"; readonly wanted: number };

export const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("reserve" as const),
        team: fc.nat(2),
        wanted: fc.integer({ min: 1, max: 90 }),
        lasts: fc.integer({ min: 1, max: 300 }),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        do: fc.constant("settle" as const),
        call: fc.nat(1_000),
        share: fc.integer({ min: 0, max: 100 }),
        how: fc.nat(9),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant("release" as const), call: fc.nat(1_000) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant("later" as const),
        ms: fc.integer({ min: 1, max: 200 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        do: fc.constant("restart" as const),
        wanted: fc.integer({ min: 1, max: 90 }),
      }),
    },
  ),
  { maxLength: 60 },
);

const budgets = { team: 200, org: 500, atOnce: 6 } as const;

/** A call as it is known outside of the ledger. */
interface Known {
  readonly team: number;
  readonly granted: number;
  readonly expires: number;
  /** What is surely charged; undefined while it runs. */
  charged: number | undefined;
  settled: boolean;
}

/**
 * Does the acts on ledgers that share what they keep; each `open` is one. Fails where a budget was passed, something settled was not charged, or a
 * sum is no whole number.
 */
export async function runActs(list: readonly Act[], open: () => Promise<Ledger>): Promise<void> {
  let ledger = await open();
  let now = beginning;
  let made = 0;
  const calls: Known[] = [];
  const ids: string[] = [];
  const reservation = (team: number, wanted: number, lasts: number) => ({
    id: `call-${made}`,
    now,
    expires: now + lasts,
    wanted: { tokens: wanted, minimum: Math.min(wanted, 5) },
    levels: [
      slot({ name: "at-once", key: "", start: 0, end: undefined }, budgets.atOnce),
      tokens({ ...window, name: "team", key: `${team}` }, budgets.team),
      tokens({ ...window, name: "org", key: "" }, budgets.org),
    ],
  });
  const know = (team: number, granted: number, lasts: number): void => {
    calls.push({ team, granted, expires: now + lasts, charged: undefined, settled: false });
    ids.push(`call-${made}`);
  };

  for (const act of list) {
    if (act.do === "reserve") {
      const asked = reservation(act.team, act.wanted, act.lasts);
      const answer = kept(await ledger.reserve(asked));
      if (answer.kind === "granted") know(act.team, answer.tokens, act.lasts);
      made += 1;
    } else if (act.do === "settle" || act.do === "release") {
      const place = calls.length === 0 ? 0 : act.call % calls.length;
      const call = calls[place];
      const id = ids[place] ?? "";
      if (call === undefined) continue;
      if (act.do === "release") {
        kept(await ledger.release(id, now));
        if (!call.settled) call.charged ??= 0;
      } else {
        const said = kept(await ledger.settle(id, usageOf(act, call)));
        expect(said).to.equal(call.settled ? "unknown" : "settled");
        if (!call.settled) call.charged = chargeOf(act, call);
        call.settled = true;
      }
    } else if (act.do === "later") {
      now += act.ms;
      kept(await ledger.expire(now));
      for (const call of calls) if (call.expires <= now) call.charged ??= call.granted;
    } else {
      const asked = reservation(0, act.wanted, 100);
      const unanswered = ledger.reserve(asked);
      ledger = await open();
      const again = kept(await ledger.reserve(asked));
      expect(kept(await unanswered).kind).to.equal(again.kind);
      if (again.kind === "granted") know(0, again.tokens, 100);
      made += 1;
    }
    await check(ledger, calls);
  }
}

async function check(ledger: Ledger, calls: readonly Known[]): Promise<void> {
  const sumOf = (of: readonly Known[]) => ({
    used: of.reduce((sum, { charged }) => sum + (charged ?? 0), 0),
    reserved: of.reduce(
      (sum, { charged, granted }) => sum + (charged === undefined ? granted : 0),
      0,
    ),
  });
  const names = [
    ...[0, 1, 2].map((team) => ({ name: "team", key: `${team}`, most: budgets.team })),
    { name: "org", key: "", most: budgets.org },
  ];
  for (const { name, key, most } of names) {
    const accounts = kept(await ledger.list(name, window.start, 10));
    const found = accounts.find(({ account }) => account.key === key);
    const mine = calls.filter(({ team }) => name === "org" || `${team}` === key);
    const { used = 0, reserved = 0 } = found ?? {};
    expect({ used, reserved }).to.deep.equal(sumOf(mine));
    expect(used + reserved).to.be.at.most(most);
  }
  const slots = kept(await ledger.list("at-once", 0, 10));
  const running = calls.filter(({ charged }) => charged === undefined).length;
  expect(slots[0]?.reserved ?? 0).to.equal(running);
}

function chargeOf({ share, how }: Extract<Act, { do: "settle" }>, { granted }: Known): number {
  if (how === 0) return 0;
  return how === 1 ? granted : Math.floor((granted * share) / 100);
}

function usageOf(act: Extract<Act, { do: "settle" }>, call: Known): Usage {
  if (act.how === 0) return { kind: "unsent" };
  if (act.how === 1) return { kind: "unknown" };
  return { kind: "tokens", input: 0, output: chargeOf(act, call) };
}
