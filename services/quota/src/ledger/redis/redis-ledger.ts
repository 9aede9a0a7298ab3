// The ledger of a fleet: a Redis that several quota services count in.

import { valueIn } from "@smartcall/runtime";
import { type Account, type AccountCount, type Count, rememberedMs } from "../account.ts";
import {
  correctableMs,
  type Kept,
  type Ledger,
  type Reservation,
  type Reserved,
} from "../ledger.ts";
import type { Connection } from "./connect.ts";
import {
  changeScript,
  expireScript,
  releaseScript,
  reserveScript,
  settleScript,
} from "./scripts.ts";

/** How many calls one `expire` charges: Redis does nothing else meanwhile. */
const expiredAtOnce = 100;

/**
 * Counts in a Redis.
 *
 * @param mesh whose calls these are; meshes that share a Redis do not see each other's
 */
export function createRedisLedger(redis: Connection, mesh: string): Ledger {
  // In braces: all keys are in one slot of a cluster.
  const prefix = `{smartcall:${mesh}}:`;
  const rowPrefix = `${prefix}call:`;
  const expiries = `${prefix}expiries`;
  const keyOf = ({ name, start, key, end }: Account): string =>
    `${prefix}account:${JSON.stringify([name, start, key, end ?? null])}`;
  const rowKeys = (id: string) => [`${rowPrefix}${id}`, expiries];

  const reserve = ({ id, now, expires, wanted, levels }: Reservation) => {
    const described = levels.map(({ account, most, charge }) => ({
      key: keyOf(account),
      most,
      charge,
      ...(account.end !== undefined && { forget: account.end - now + rememberedMs }),
    }));
    const args = [id, expires, wanted.tokens, wanted.minimum, JSON.stringify(described)];
    return redis.run(reserveScript, rowKeys(id), args);
  };
  const change = async (
    account: Account,
    args: readonly (string | number)[],
    now: number,
  ): Promise<Kept<AccountCount>> => {
    const forget = account.end === undefined ? "" : account.end - now + rememberedMs;
    const answer = await redis.run(changeScript, [keyOf(account)], [...args, forget]);
    return answer.ok ? { ok: true, value: countOf(account, listOf(answer.value)) } : answer;
  };
  return {
    async reserve(reservation) {
      const answer = await reserve(reservation);
      return answer.ok ? { ok: true, value: reservedOf(answer.value) } : answer;
    },
    async settle(id, usage) {
      return settled(await redis.run(settleScript, rowKeys(id), [id, JSON.stringify(usage)]));
    },
    async release(id, now) {
      return settled(await redis.run(releaseScript, rowKeys(id), [id, now + correctableMs]));
    },
    async expire(now) {
      const args = [now, now + correctableMs, expiredAtOnce];
      const answer = await redis.run(expireScript, [rowPrefix, expiries], args);
      if (!answer.ok) return answer;
      const [charged = 0, found = 0] = listOf(answer.value).map(wholeOf);
      return { ok: true, value: { charged, more: found === expiredAtOnce } };
    },
    async list(name, start, limit) {
      const begin = JSON.stringify([name, start]).slice(0, -1);
      const found = await redis.hashes(`${escaped(`${prefix}account:${begin},`)}*`);
      if (!found.ok) return found;
      const accounts = found.value
        .map(([key, sums]) => {
          const parts = listOf(JSON.parse(key.slice(`${prefix}account:`.length)));
          const [, , own, end] = parts;
          const account = {
            name,
            start,
            key: String(own),
            end: typeof end === "number" ? end : undefined,
          };
          return countOf(
            account,
            ["used", "reserved", "most"].map((field) => valueIn(sums, field)),
          );
        })
        .sort((a, b) => (a.account.key < b.account.key ? -1 : 1));
      return { ok: true, value: accounts.slice(0, limit) };
    },
    set: (account, most, now) => change(account, ["set", most, most], now),
    raise: (account, by, most, now) => change(account, ["raise", by, most], now),
    reset: (account, now) => change(account, ["reset", 0, 0], now),
    close: () => redis.close(),
  };
}

function reservedOf(answer: unknown): Reserved {
  const [granted, tokensOrLevel, counts] = listOf(answer);
  const number = wholeOf(tokensOrLevel);
  return granted === 1
    ? { kind: "granted", tokens: number, counts: listOf(counts).map(sumsOf) }
    : { kind: "refused", level: number, count: sumsOf(counts) };
}

function sumsOf(sums: unknown): Count {
  const [most = 0, used = 0, reserved = 0] = listOf(sums).map(wholeOf);
  return { most, used, reserved };
}

function settled(answer: Kept<unknown>): Kept<"settled" | "unknown"> {
  return answer.ok ? { ok: true, value: answer.value === 1 ? "settled" : "unknown" } : answer;
}

function countOf(account: Account, [used, reserved, most]: readonly unknown[]): AccountCount {
  const set = typeof most === "string" ? wholeOf(most) : undefined;
  return { account, used: wholeOf(used), reserved: wholeOf(reserved), set };
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function wholeOf(value: unknown): number {
  return Number(value ?? 0);
}

/** As text that a pattern of Redis takes as it is. */
function escaped(text: string): string {
  return text.replace(/[\\*?[\]^]/g, "\\$&");
}
