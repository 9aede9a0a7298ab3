// The service as a process: killed, restarted, and three on one Redis.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { connect } from "./ledger/redis/connect.ts";
import { createRedisLedger } from "./ledger/redis/redis-ledger.ts";
import { openSqliteLedger } from "./ledger/sqlite/sqlite-ledger.ts";
import { startRedis } from "./ledger/testing/redis-server.ts";
import { kept } from "./ledger/testing/steps.test.ts";
import { writePolicies } from "./policy/policy-file.ts";
import { windowOf } from "./policy/window.ts";
import { createGateway, type Gateway } from "./testing/gateway.ts";
import { policiesFrom } from "./testing/policies.ts";
import { type QuotaProcess, startQuotaProcess } from "./testing/quota-process.ts";

const amount = 10_000;

describe("the quota service's process", function () {
  this.timeout(60_000);
  let folder: string;
  const running = new Set<QuotaProcess>();
  const start = async (name = "quota", redisUrl?: string): Promise<QuotaProcess> => {
    const made = await startQuotaProcess(folder, {
      name,
      ...(redisUrl !== undefined && { redisUrl }),
    });
    running.add(made);
    return made;
  };
  const end = (process: QuotaProcess, signal: NodeJS.Signals) => {
    running.delete(process);
    return process.end(signal);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smartcall-quota-"));
    const routes = { paid: { budget: ["all", 70, 70] as const } };
    writePolicies(
      join(folder, "quota", "policies"),
      policiesFrom({ budgets: { all: ["mesh", amount, "tokens", "month"] }, routes }),
    );
  });
  afterEach(async () => {
    await Promise.all([...running].map((process) => end(process, "SIGKILL")));
    rmSync(folder, { recursive: true });
  });

  it("starts by what it kept, ends when it is asked to, and logs JSON lines", async () => {
    const process = await start();
    const gateway = createGateway(process.endpoint);
    expect((await gateway.reserve("paid", "a")).result).to.equal("granted");
    expect(await end(process, "SIGTERM")).to.equal(0);
    gateway.close();
    for (const line of process.log().trim().split("\n"))
      expect(() => JSON.parse(line)).to.not.throw();
  });

  it("loses nothing that settled, and passes no budget, though it is killed under load", async () => {
    let process = await start();
    const gateway = createGateway(process.endpoint);
    let stopped = false;
    const settled: number[] = [];
    const granted: string[] = [];
    let made = 0;
    let spent = false;
    const caller = async (): Promise<void> => {
      while (!stopped) {
        made += 1;
        const id = `call-${made}`;
        const { result } = await gateway.reserve("paid", id);
        if (result !== "granted") {
          spent ||= result === "refused";
          await new Promise((resolve) => setTimeout(resolve, 5));
          continue;
        }
        granted.push(id);
        const used = made % 70;
        const told = await gateway.settle(id, `input=${used};output=0`);
        if (told.result === "granted") settled.push(used);
      }
    };
    const callers = Array.from({ length: 10 }, caller);
    for (let kills = 0; kills < 3; kills += 1) {
      // A caller that has just lost the service may wait a second before it connects again.
      for (const before = settled.length; !spent && settled.length < before + 2; ) {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      await end(process, "SIGKILL");
      process = await start();
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    stopped = true;
    await Promise.all(callers);
    gateway.close();
    await end(process, "SIGTERM");
    const ledger = kept(openSqliteLedger(join(folder, "quota", "ledger.db")));
    const { start: month } = windowOf("month", Date.now());
    const [account] = kept(await ledger.list("all", month, 1));
    await ledger.close();
    const { used = 0, reserved = 0 } = account ?? {};
    expect(settled.length).to.be.greaterThan(3);
    expect(used).to.be.at.least(settled.reduce((sum, each) => sum + each, 0));
    expect(used + reserved).to.be.at.most(amount);
    expect(reserved % 70).to.equal(0);
  });

  it("counts exactly with two others in one Redis, fails while it is gone, and loses nothing", async () => {
    const redis = await startRedis();
    try {
      const processes = await Promise.all(["a", "b", "c"].map((name) => start(name, redis.url)));
      const gateways = processes.map(({ endpoint }) => createGateway(endpoint));
      const of = (place: number): Gateway | undefined => gateways[place % gateways.length];
      await until(async () => (await of(0)?.reserve("paid", "first"))?.result === "granted");
      const ids = Array.from({ length: 300 }, (_, place) => `call-${place}`);
      const told = await Promise.all(ids.map((id, place) => of(place)?.reserve("paid", id)));
      const granted = ids.filter((_, place) => told[place]?.result === "granted");
      // 142 × 70 is the most that 10,000 hold, and one was there before.
      expect(granted).to.have.lengthOf(141);
      expect(told.filter((each) => each?.result === "refused")).to.have.lengthOf(159);

      const [early, ...late] = granted;
      await of(1)?.settle(early ?? "", "input=5;output=5");
      await redis.kill();
      expect((await of(0)?.reserve("paid", "while-gone"))?.result).to.equal("UNAVAILABLE");
      // Another process than reserved for it, which has to keep it in memory.
      for (const [place, id] of late.slice(0, 30).entries()) {
        await of(place)?.settle(id, "input=10;output=0");
      }
      await redis.start();
      const connection = await connected(redis.url);
      const ledger = createRedisLedger(connection, "demo");
      const sums = async () => {
        const { start: month } = windowOf("month", Date.now());
        const [account] = kept(await ledger.list("all", month, 1));
        return [account?.used, account?.reserved];
      };
      const expected = [10 + 30 * 10, (142 - 31) * 70];
      await until(async () => `${await sums()}` === `${expected}`);
      expect(await sums()).to.deep.equal(expected);
      await connection.close();
      for (const gateway of gateways) gateway.close();
      expect(processes[0]?.log()).to.include("Redis cannot be reached");
    } finally {
      await redis.stop();
    }
  });

  it("refuses a Redis in the clear on another machine, without showing the password", async () => {
    const refused = await start("quota", "redis://me:hunter2@db.example.com:6379").catch(String);
    expect(refused).to.include("exit code 2").and.to.include("rediss://");
    expect(refused).to.not.include("hunter2");
  });

  it("does not take the socket of another that lives", async () => {
    await start();
    expect(await start().catch(String)).to.include("Another process listens");
  });
});

function connected(url: string) {
  return new Promise<ReturnType<typeof connect>>((resolve) => {
    const connection = connect(url, {
      lost: () => undefined,
      ready: () => setImmediate(() => resolve(connection)),
    });
  });
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
