// Whatever calls do, the sums hold, in SQLite and in Redis.

import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { connect } from "./redis/connect.ts";
import { createRedisLedger } from "./redis/redis-ledger.ts";
import { openSqliteLedger } from "./sqlite/sqlite-ledger.ts";
import { acts, runActs } from "./testing/random-calls.test.ts";
import { startRedis } from "./testing/redis-server.ts";
import { kept } from "./testing/steps.test.ts";

describe("random calls", () => {
  it("never pass a budget, nor lose what settled, in SQLite", async function () {
    this.timeout(60_000);
    const folder = mkdtempSync(join(tmpdir(), "smartcall-property-"));
    let run = 0;
    try {
      await fc.assert(
        fc.asyncProperty(acts, async (list) => {
          run += 1;
          const open = async () => kept(openSqliteLedger(join(folder, `${run}.db`)));
          await runActs(list, open);
        }),
        { numRuns: 30 },
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("never pass a budget, nor lose what settled, in Redis", async function () {
    this.timeout(60_000);
    const server = await startRedis("--appendfsync", "no");
    const redis = await new Promise<ReturnType<typeof connect>>((resolve) => {
      const made = connect(server.url, {
        lost: () => undefined,
        ready: () => setImmediate(() => resolve(made)),
      });
    });
    try {
      await fc.assert(
        fc.asyncProperty(acts, async (list) => {
          const mesh = randomUUID();
          const open = async () => createRedisLedger(redis, mesh);
          await runActs(list, open);
        }),
        { numRuns: 50 },
      );
    } finally {
      await redis.close();
      await server.stop();
    }
  });
});
