// The whole service in this process: what gateways and operators are answered.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { credentials } from "@grpc/grpc-js";
import { QuotaServiceClient, quotaPb } from "@smartcall/protos";
import { createLog, grpcTarget, type LocalEndpoint, systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import { openSqliteLedger } from "../ledger/sqlite/sqlite-ledger.ts";
import { kept } from "../ledger/testing/steps.test.ts";
import { plansOf } from "../policy/plan.ts";
import { createPresentPolicies, type PresentPolicies } from "../policy/present-policies.ts";
import { createGateway, type Gateway } from "../testing/gateway.ts";
import { type PolicyText, policiesFrom } from "../testing/policies.ts";
import { type QuotaService, startQuota } from "./start-quota.ts";

const text: PolicyText = {
  budgets: {
    team: ["claim:team", 1_000, "tokens", "day", "org"],
    org: ["mesh", 10_000_000, "nanos", "month"],
  },
  routes: {
    paid: { budget: ["team", 400, 100], prices: { writer: [1_000, 5_000], cheap: [0, 0] } },
    hourly: { limits: { "hourly:2/hour/subject": [2, "hour", "subject"] } },
    single: { limits: { "single:1/at-once/subject": [1, "at-once", "subject"] } },
    alone: { budget: ["team", 400, 100], prices: { writer: [1_000, 5_000] } },
  },
};

describe("the quota service", () => {
  let folder: string;
  let endpoint: LocalEndpoint;
  let policies: PresentPolicies;
  let service: QuotaService;
  let gateway: Gateway;
  let operator: QuotaServiceClient;
  let said: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "smartcall-quota-"));
    endpoint = { kind: "socket", path: join(folder, "quota.sock") };
    policies = createPresentPolicies(plansOf(policiesFrom(text)).plans, systemClock);
    said = "";
    const log = createLog("quota", "info", {
      write: (line) => {
        said += line;
      },
    });
    const ledger = kept(openSqliteLedger(join(folder, "ledger.db")));
    const started = await startQuota({ ledger, policies, endpoint, clock: systemClock, log });
    if (!started.ok) throw new Error(started.problem);
    service = started.service;
    gateway = createGateway(endpoint);
    operator = new QuotaServiceClient(grpcTarget(endpoint), credentials.createInsecure());
  });
  afterEach(async () => {
    gateway.close();
    operator.close();
    await service.close();
    rmSync(folder, { recursive: true });
  });

  const list = (budget = "") =>
    new Promise<readonly quotaPb.Account.AsObject[]>((resolve, reject) => {
      const request = new quotaPb.ListAccountsRequest();
      request.setBudget(budget);
      operator.list(request, {}, (error, answer) =>
        answer === undefined ? reject(error) : resolve(answer.toObject().accountsList),
      );
    });
  const sums = async (budget: string) =>
    (await list(budget)).map(({ key, used, reserved, amount }) => [key, used, reserved, amount]);

  it("grants tokens, charges what was used to every level, and says who used what", async () => {
    const told = await gateway.reserve("paid", "a", { "claim:team": "blue" });
    const headers = {
      "smartcall-grant": "400",
      "smartcall-budget": "of=400",
      "smartcall-quota": "counted",
    };
    expect(told).to.deep.equal({ result: "granted", headers });
    expect(await sums("team")).to.deep.equal([["blue", 0, 400, 1_000]]);
    expect(await sums("org")).to.deep.equal([["", 0, 2_000_000, 10_000_000]]);
    await gateway.settle("a", "input=10;output=20;agent=writer");
    expect(await sums("team")).to.deep.equal([["blue", 30, 0, 1_000]]);
    expect(await sums("org")).to.deep.equal([["", 110_000, 0, 10_000_000]]);
    const [account] = await list("team");
    expect(account).to.include({ budget: "team", unit: "tokens", changed: false });
  });

  it("grants less where less is left, and says which budget is spent", async () => {
    const blue = { "claim:team": "blue" };
    for (const id of ["a", "b"]) await gateway.reserve("paid", id, blue);
    const third = await gateway.reserve("paid", "c", blue);
    expect(third.headers["smartcall-grant"]).to.equal("200");
    expect(third.headers["smartcall-budget"]).to.match(/^of=400;rule=team;reset=[1-9]\d*$/);
    const { headers, result } = await gateway.reserve("paid", "d", blue);
    expect(result).to.equal("refused");
    expect(headers).to.include({
      "smartcall-reason": "BUDGET_SPENT",
      "smartcall-rule": "team",
      // Those that run may use less than they reserved.
      "retry-after": "1",
      "x-ratelimit-limit": "1000",
      "x-ratelimit-remaining": "0",
    });
    for (const id of ["a", "b", "c"]) await gateway.settle(id, "none");
    const spent = await gateway.reserve("paid", "e", blue);
    expect(Number(spent.headers["retry-after"])).to.equal(
      Number(spent.headers["x-ratelimit-reset"]),
    );
    expect((await gateway.reserve("paid", "f", { "claim:team": "red" })).result).to.equal(
      "granted",
    );
  });

  it("counts requests of an hour, and says how many are left", async () => {
    const ann = { subject: "ann" };
    const first = await gateway.reserve("hourly", "a", ann);
    expect(first.result).to.equal("granted");
    expect(first.headers).to.include({ "x-ratelimit-limit": "2", "x-ratelimit-remaining": "1" });
    await gateway.settle("a", "unsent");
    await gateway.reserve("hourly", "b", ann);
    const third = await gateway.reserve("hourly", "c", ann);
    expect(third.headers).to.include({
      "smartcall-reason": "RATE_LIMITED",
      "smartcall-rule": "hourly:2/hour/subject",
    });
    expect((await gateway.reserve("hourly", "d", { subject: "bob" })).result).to.equal("granted");
  });

  it("counts calls at once, whose place is free when they end", async () => {
    const ann = { subject: "ann" };
    await gateway.reserve("single", "a", ann);
    const second = await gateway.reserve("single", "b", ann);
    expect(second.headers).to.include({
      "smartcall-reason": "TOO_MANY_AT_ONCE",
      "retry-after": "1",
    });
    await gateway.settle("a", "none");
    expect((await gateway.reserve("single", "c", ann)).result).to.equal("granted");
  });

  it("waits for news of a route, and then says that it cannot count", async () => {
    const asked = gateway.reserve("coming", "a");
    const routes = { ...text.routes, coming: text.routes["single"] ?? {} };
    setTimeout(() => policies.change(plansOf(policiesFrom({ ...text, routes })).plans), 100);
    expect((await asked).result).to.equal("granted");
    const begun = performance.now();
    expect((await gateway.reserve("nowhere", "b")).result).to.equal("UNAVAILABLE");
    expect(performance.now() - begun).to.be.greaterThan(400);
    expect((await gateway.ask([["phase", "reserve"]])).result).to.equal("INVALID_ARGUMENT");
  });

  it("gives back what it reserved for a gateway that waits no more", async () => {
    const left = gateway.reserveAndLeave("later", "a", 50);
    const routes = { later: text.routes["paid"] ?? {} };
    setTimeout(() => policies.change(plansOf(policiesFrom({ ...text, routes })).plans), 150);
    await left;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(await sums("team")).to.deep.equal([]);
  });

  it("lets operators set, raise and reset what an account may use", async () => {
    await gateway.reserve("paid", "a", { "claim:team": "blue" });
    await gateway.settle("a", "input=300;output=100");
    const raise = new quotaPb.RaiseAccountRequest();
    raise.setBudget("team");
    raise.setKey("blue");
    raise.setBy(50);
    const raised = await answered((done) => operator.raise(raise, {}, done));
    expect(raised).to.include({ amount: 1_050, changed: true, used: 400, reserved: 0 });
    const set = new quotaPb.SetAccountRequest();
    set.setBudget("team");
    set.setKey("blue");
    set.setAmount(400);
    expect(await answered((done) => operator.set(set, {}, done))).to.include({ amount: 400 });
    expect((await gateway.reserve("paid", "b", { "claim:team": "blue" })).result).to.equal(
      "refused",
    );
    const reset = new quotaPb.ResetAccountRequest();
    reset.setBudget("team");
    reset.setKey("blue");
    expect(await answered((done) => operator.reset(reset, {}, done))).to.include({
      amount: 1_000,
      changed: false,
      used: 0,
    });
    set.setBudget("none");
    const unknown = await answered((done) => operator.set(set, {}, done)).catch(String);
    expect(unknown).to.include("NOT_FOUND").and.to.include("There is no budget none");
    raise.setBy(0);
    const nothing = await answered((done) => operator.raise(raise, {}, done)).catch(String);
    expect(nothing).to.include("INVALID_ARGUMENT");
  });

  it("shows what it counts of itself", async () => {
    await gateway.reserve("single", "a", { subject: "ann" });
    await gateway.settle("a", "none");
    await gateway.settle("a", "none");
    const page = await service.registry.metrics();
    expect(page).to.include('smartcall_quota_reservations_total{result="granted"} 1');
    expect(page).to.include('smartcall_quota_settles_total{result="unknown"} 1');
    expect(said).to.equal("");
  });

  it("says once that the disk is full, fails what is new, and takes the ends of calls", async () => {
    const small = join(folder, "small");
    const at: LocalEndpoint = { kind: "socket", path: join(small, "quota.sock") };
    let errors = 0;
    const log = createLog("quota", "warn", {
      write: (line) => {
        if (line.includes("The disk is full")) errors += 1;
      },
    });
    const ledger = kept(openSqliteLedger(join(small, "ledger.db"), 24));
    const wide = plansOf(
      policiesFrom({ routes: { wide: { limits: { l: [1e9, "day", "route"] } } } }),
    );
    const own = createPresentPolicies(wide.plans, systemClock);
    const started = await startQuota({
      ledger,
      policies: own,
      endpoint: at,
      clock: systemClock,
      log,
    });
    if (!started.ok) throw new Error(started.problem);
    const asking = createGateway(at);
    const long = (made: number): string => `${made}`.repeat(40);
    let made = 0;
    while (made < 10_000 && (await asking.reserve("wide", long(made))).result === "granted")
      made += 1;
    for (let more = 0; more < 3; more += 1) {
      expect((await asking.reserve("wide", long(made + more))).result).to.equal("UNAVAILABLE");
    }
    expect(errors).to.equal(1);
    for (let call = 0; call < made; call += 1) await asking.settle(long(call), "none");
    expect((await asking.reserve("wide", "again")).result).to.equal("granted");
    asking.close();
    await started.service.close();
  });
});

function answered(
  ask: (done: (error: Error | null, answer?: quotaPb.Account) => void) => unknown,
): Promise<quotaPb.Account.AsObject> {
  return new Promise((resolve, reject) => {
    ask((error, answer) => (answer === undefined ? reject(error) : resolve(answer.toObject())));
  });
}
