// The ledger in a real Redis: all that a ledger does, and a Redis that is killed.

import { randomUUID } from "node:crypto";
import { expect } from "chai";
import { ledgerCases } from "../testing/ledger-cases.test.ts";
import { type RedisServer, startRedis } from "../testing/redis-server.ts";
import { beginning, kept, take, tokens, window } from "../testing/steps.test.ts";
import { type Connection, connect } from "./connect.ts";
import { createRedisLedger } from "./redis-ledger.ts";

describe("the ledger in Redis", () => {
  let server: RedisServer;
  let redis: Connection;
  before(async () => {
    server = await startRedis();
    redis = await connected(server.url);
  });
  after(async () => {
    await redis?.close();
    await server?.stop();
  });

  for (const { name, steps } of ledgerCases) {
    it(name, async () => {
      const ledger = createRedisLedger(redis, randomUUID());
      for (const step of steps) await take(step, ledger);
    });
  }

  it("grants no more than there is, though three ask at once", async () => {
    const mesh = randomUUID();
    const team = { ...window, name: "team", key: "blue" };
    const connections = await Promise.all([1, 2, 3].map(() => connected(server.url)));
    const ledgers = connections.map((each) => createRedisLedger(each, mesh));
    const asked = Array.from({ length: 300 }, (_, place) =>
      ledgers[place % 3]?.reserve({
        id: `call-${place}`,
        now: beginning,
        expires: beginning + 60_000,
        wanted: { tokens: 7, minimum: 7 },
        levels: [tokens(team, 1_000)],
      }),
    );
    const answers = await Promise.all(asked);
    const granted = answers.filter((answer) => answer?.ok && answer.value.kind === "granted");
    expect(granted).to.have.lengthOf(142);
    const [first] = ledgers;
    if (first !== undefined) await take({ count: team, used: 0, reserved: 994 }, first);
    await Promise.all(connections.map((each) => each.close()));
  });

  it("fails while Redis is gone, and counts on where it was when it is back", async () => {
    const own = await startRedis();
    const told: string[] = [];
    const mine = await connected(own.url, told);
    try {
      const ledger = createRedisLedger(mine, "demo");
      const team = { ...window, name: "team", key: "blue" };
      await take({ reserve: "a", tokens: 60, from: [tokens(team, 100)], grants: 60 }, ledger);
      await own.kill();
      const answer = await ledger.list("team", team.start, 1);
      expect(answer).to.have.property("ok", false);
      expect(await ledger.settle("a", { kind: "unknown" })).to.have.property("ok", false);
      await own.start();
      while (!(await ledger.list("team", team.start, 1)).ok) {
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      await take({ count: team, used: 0, reserved: 60 }, ledger);
      expect(kept(await ledger.settle("a", { kind: "unknown" }))).to.equal("settled");
      await take({ count: team, used: 60, reserved: 0 }, ledger);
      expect(told).to.not.deep.equal([]);
    } finally {
      await mine.close();
      await own.stop();
    }
  });
});

function connected(url: string, told: string[] = []): Promise<Connection> {
  return new Promise((resolve) => {
    const connection = connect(url, {
      lost: (problem) => told.push(problem),
      ready: () => setImmediate(() => resolve(connection)),
    });
  });
}
