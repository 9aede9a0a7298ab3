// The row of `make bench` about the quota service: what a budget costs.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Ledger } from "@smartcall/quota/dist/ledger/ledger.js";
import type { Level } from "@smartcall/quota/dist/ledger/level.js";
import { connect } from "@smartcall/quota/dist/ledger/redis/connect.js";
import { createRedisLedger } from "@smartcall/quota/dist/ledger/redis/redis-ledger.js";
import { openSqliteLedger } from "@smartcall/quota/dist/ledger/sqlite/sqlite-ledger.js";
import { startRedis } from "@smartcall/quota/dist/ledger/testing/redis-server.js";
import { writePolicies } from "@smartcall/quota/dist/policy/policy-file.js";
import { createGateway } from "@smartcall/quota/dist/testing/gateway.js";
import { policiesFrom } from "@smartcall/quota/dist/testing/policies.js";
import { startQuotaProcess } from "@smartcall/quota/dist/testing/quota-process.js";
import { printTable } from "./report.ts";

const calls = 20_000;
const atOnce = [1, 50] as const;

/** Ledgers alone, then the whole service as gateways ask it. */
export async function quotaRow(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "smartcall-bench-"));
  const redis = await startRedis("--appendfsync", "everysec");
  try {
    const rows = [
      ...(await ledgerRows("SQLite", sqlite(folder))),
      ...(await ledgerRows("Redis", await inRedis(redis.url))),
      ...(await serviceRows("service, SQLite", folder)),
      ...(await serviceRows("service, Redis", folder, redis.url)),
    ];
    printTable("Calls that reserve from two budgets and settle", [
      ["", "at once", "calls/s", "median ms", "p95 ms"],
      ...rows,
    ]);
  } finally {
    await redis.stop();
    rmSync(folder, { recursive: true });
  }
}

type Call = (place: number) => Promise<void>;

async function ledgerRows(name: string, ledger: Ledger): Promise<readonly (readonly string[])[]> {
  const start = Date.now();
  const window = { start, end: start + 3_600_000 };
  const charge = { kind: "tokens", dearest: { input: 1, output: 1 }, byAgent: {} } as const;
  const levels = (place: number): readonly Level[] => [
    { account: { ...window, name: "team", key: `${place % 100}` }, most: 1e12, charge },
    { account: { ...window, name: "org", key: "" }, most: 1e12, charge },
  ];
  const wanted = { tokens: 4_000, minimum: 100 };
  const call: Call = async (place) => {
    const id = randomUUID();
    const now = Date.now();
    const reserved = await ledger.reserve({
      id,
      now,
      expires: now + 60_000,
      wanted,
      levels: levels(place),
    });
    const settled = await ledger.settle(id, { kind: "tokens", input: 12, output: 8 });
    if (!reserved.ok || !settled.ok) throw new Error(`${name} failed`);
  };
  const rows = await measured(name, call);
  await ledger.close();
  return rows;
}

async function serviceRows(
  name: string,
  folder: string,
  redisUrl?: string,
): Promise<readonly (readonly string[])[]> {
  const state = join(folder, randomUUID());
  const budgets = {
    team: ["subject", 1e12, "tokens", "day", "org"],
    org: ["mesh", 1e12, "tokens", "month"],
  } as const;
  const routes = { paid: { budget: ["team", 4_000, 100] as const } };
  writePolicies(join(state, "quota", "policies"), policiesFrom({ budgets, routes }));
  const service = await startQuotaProcess(state, redisUrl === undefined ? {} : { redisUrl });
  const gateway = createGateway(service.endpoint);
  const call: Call = async (place) => {
    const id = randomUUID();
    const told = await gateway.reserve("paid", id, { subject: `${place % 100}` });
    await gateway.settle(id, "input=12;output=8");
    if (told.result !== "granted") throw new Error(`${name}: ${told.result}`);
  };
  const rows = await measured(name, call);
  gateway.close();
  await service.end("SIGTERM");
  return rows;
}

async function measured(name: string, call: Call): Promise<readonly (readonly string[])[]> {
  const rows: (readonly string[])[] = [];
  for (const callers of atOnce) {
    const total = callers === 1 ? calls / 10 : calls;
    const times: number[] = [];
    let next = 0;
    const caller = async (): Promise<void> => {
      while (next < total) {
        next += 1;
        const begin = performance.now();
        await call(next);
        times.push(performance.now() - begin);
      }
    };
    const begin = performance.now();
    await Promise.all(Array.from({ length: callers }, caller));
    const perSecond = (total / (performance.now() - begin)) * 1000;
    times.sort((a, b) => a - b);
    const at = (share: number): string => times[Math.floor(times.length * share)]?.toFixed(2) ?? "";
    rows.push([name, `${callers}`, perSecond.toFixed(0), at(0.5), at(0.95)]);
  }
  return rows;
}

function sqlite(folder: string): Ledger {
  const opened = openSqliteLedger(join(folder, "ledger.db"));
  if (!opened.ok) throw new Error(opened.problem);
  return opened.value;
}

function inRedis(url: string): Promise<Ledger> {
  return new Promise((resolve) => {
    const connection = connect(url, {
      lost: () => undefined,
      ready: () => setImmediate(() => resolve(createRedisLedger(connection, "bench"))),
    });
  });
}
