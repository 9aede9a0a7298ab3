// The ledger that the settings ask for: SQLite in the state folder, or a Redis.

import { join } from "node:path";
import type { Log } from "@smartcall/runtime";
import type { Kept, Ledger } from "./ledger/ledger.ts";
import type { Connection } from "./ledger/redis/connect.ts";

/** Where to count. */
export interface LedgerPlace {
  /** A secret. */
  readonly redisUrl: string | undefined;
  readonly stateFolder: string;
  readonly mesh: string;
}

/** Opens it, and loads no other; a Redis that is not there yet is tried until it is. */
export async function openLedger(place: LedgerPlace, log: Log): Promise<Kept<Ledger>> {
  if (place.redisUrl === undefined) {
    const { openSqliteLedger } = await import("./ledger/sqlite/sqlite-ledger.ts");
    return openSqliteLedger(join(place.stateFolder, "quota", "ledger.db"));
  }
  const [{ connect }, { createRedisLedger }] = await Promise.all([
    import("./ledger/redis/connect.ts"),
    import("./ledger/redis/redis-ledger.ts"),
  ]);
  let lost = "";
  const redis = connect(place.redisUrl, {
    lost(problem) {
      if (problem !== lost) log.error({ problem }, "Redis cannot be reached");
      lost = problem;
    },
    ready() {
      lost = "";
      log.info("connected to Redis");
      checkRedis(redis, log).catch((error: unknown) => log.error({ err: error }, "a bug"));
    },
  });
  return { ok: true, value: createRedisLedger(redis, place.mesh) };
}

/** Warns of a Redis that may forget what it was told. */
async function checkRedis(redis: Connection, log: Log): Promise<void> {
  const [policy, appendOnly] = await Promise.all([
    redis.configured("maxmemory-policy"),
    redis.configured("appendonly"),
  ]);
  if (policy !== undefined && policy !== "noeviction") {
    log.error({ policy }, "Redis may evict counts: set its maxmemory-policy to noeviction");
  }
  if (appendOnly === "no") {
    log.warn("Redis forgets counts when it is restarted: set its appendonly to yes");
  }
}
