// The steps of the cases, and how each is done on a ledger and looked at.

import { expect } from "chai";
import type { Account } from "../account.ts";
import type { Kept, Ledger } from "../ledger.ts";
import type { Level, Usage } from "../level.ts";

/** One step, with what must come of it. */
export type Step =
  | {
      readonly reserve: string;
      /** Default 0; and so the minimum. */
      readonly tokens?: number;
      readonly minimum?: number;
      readonly from: readonly Level[];
      readonly lastsMs?: number;
      readonly grants?: number;
      readonly refusedBy?: number;
    }
  | { readonly settle: string; readonly usage: Usage; readonly says: "settled" | "unknown" }
  | { readonly release: string; readonly says: "settled" | "unknown" }
  | { readonly expireAtMs: number; readonly charges: number }
  | {
      readonly count: Account;
      readonly used: number;
      readonly reserved: number;
      readonly set?: number;
    }
  | { readonly list: Account; readonly keys: readonly string[] }
  | { readonly set: Account; readonly most: number }
  | { readonly raise: Account; readonly by: number; readonly most: number; readonly to: number }
  | { readonly reset: Account };

/** When the cases begin, and their window: Redis forgets by its own clock, so it is the present. */
export const beginning = Date.now();
export const window = { start: beginning - 1_000, end: beginning + 3_600_000 };

/** A level where every token counts one. */
export function tokens(account: Account, most: number): Level {
  const dearest = { input: 1, output: 1 };
  return { account, most, charge: { kind: "tokens", dearest, byAgent: {} } };
}

/** A level of calls at once. */
export function slot(account: Account, most: number): Level {
  return { account, most, charge: { kind: "slot" } };
}

/** What an agent says it used. */
export function used(input: number, output: number) {
  return { kind: "tokens", input, output } as const;
}

/** What was done or read; fails the test where it was not. */
export function kept<T>(answer: Kept<T>): T {
  if (!answer.ok) throw new Error(answer.problem);
  return answer.value;
}

/** Does the step and checks what comes of it. */
export async function take(step: Step, ledger: Ledger): Promise<void> {
  if ("reserve" in step) await reserve(step, ledger);
  else if ("settle" in step)
    expect(kept(await ledger.settle(step.settle, step.usage))).to.equal(step.says);
  else if ("release" in step)
    expect(kept(await ledger.release(step.release, beginning))).to.equal(step.says);
  else if ("expireAtMs" in step)
    expect(kept(await ledger.expire(beginning + step.expireAtMs))).to.deep.equal({
      charged: step.charges,
      more: false,
    });
  else if ("count" in step) await count(step, ledger);
  else if ("list" in step) {
    const listed = kept(await ledger.list(step.list.name, step.list.start, 100));
    expect(listed.map(({ account }) => account.key)).to.deep.equal(step.keys);
  } else if ("set" in step)
    expect(kept(await ledger.set(step.set, step.most, beginning)).set).to.equal(step.most);
  else if ("raise" in step) {
    const raised = kept(await ledger.raise(step.raise, step.by, step.most, beginning));
    expect(raised.set).to.equal(step.to);
  } else expect(kept(await ledger.reset(step.reset, beginning)).used).to.equal(0);
}

async function reserve(step: Extract<Step, { reserve: string }>, ledger: Ledger): Promise<void> {
  const reserved = kept(
    await ledger.reserve({
      id: step.reserve,
      now: beginning,
      expires: beginning + (step.lastsMs ?? 60_000),
      wanted: { tokens: step.tokens ?? 0, minimum: step.minimum ?? step.tokens ?? 0 },
      levels: step.from,
    }),
  );
  if (step.grants !== undefined) {
    expect(reserved).to.deep.include({ kind: "granted", tokens: step.grants });
  } else {
    expect(reserved).to.deep.include({ kind: "refused", level: step.refusedBy });
  }
}

async function count(step: Extract<Step, { count: Account }>, ledger: Ledger): Promise<void> {
  const { name, start, key } = step.count;
  const accounts = kept(await ledger.list(name, start, 100));
  const found = accounts.find(({ account }) => account.key === key);
  expect({ used: found?.used, reserved: found?.reserved, set: found?.set }).to.deep.equal({
    used: step.used,
    reserved: step.reserved,
    set: step.set,
  });
}
