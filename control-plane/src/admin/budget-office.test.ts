import {
  credentials,
  Server,
  ServerCredentials,
  type ServerUnaryCall,
  type sendUnaryData,
  status,
} from "@grpc/grpc-js";
import { QuotaServiceClient, quotaPb, quotaService } from "@smartcall/protos";
import { expect } from "chai";
import type { AuditEntry } from "../state/index.ts";
import { type BudgetOffice, createBudgetOffice } from "./budget-office.ts";

type Answer = sendUnaryData<quotaPb.Account>;

describe("the budget office", () => {
  const server = new Server();
  const asked: string[] = [];
  const noted: AuditEntry[] = [];
  const clients: QuotaServiceClient[] = [];
  let office: BudgetOffice;
  const money = account({ budget: "org", key: "acme", unit: "nanos", amount: 500e9, used: 12.5e9 });

  before(async () => {
    server.addService(quotaService, {
      list(
        call: ServerUnaryCall<quotaPb.ListAccountsRequest, quotaPb.ListAccountsResponse>,
        callback: sendUnaryData<quotaPb.ListAccountsResponse>,
      ) {
        asked.push(`list ${call.request.getBudget()}`);
        const response = new quotaPb.ListAccountsResponse();
        response.setAccountsList([money]);
        callback(null, response);
      },
      set(call: ServerUnaryCall<quotaPb.SetAccountRequest, quotaPb.Account>, callback: Answer) {
        asked.push(`set ${call.request.getKey()} ${call.request.getAmount()}`);
        callback(null, money);
      },
      raise(call: ServerUnaryCall<quotaPb.RaiseAccountRequest, quotaPb.Account>, callback: Answer) {
        asked.push(`raise ${call.request.getKey()} ${call.request.getBy()}`);
        callback(null, money);
      },
      reset: (_: unknown, callback: Answer) =>
        callback({ code: status.UNAVAILABLE, details: "the disk is full" }),
      health: (_: unknown, callback: sendUnaryData<quotaPb.QuotaHealth>) =>
        callback(null, new quotaPb.QuotaHealth()),
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
        error === null ? resolve(bound) : reject(error),
      );
    });
    for (const address of ["127.0.0.1:1", `127.0.0.1:${port}`]) {
      clients.push(new QuotaServiceClient(address, credentials.createInsecure()));
    }
    office = createBudgetOffice({
      services: clients,
      describe: (budget) => {
        if (budget === "all") return { unit: "tokens", by: "mesh" };
        if (budget === "org") return { unit: "money", by: "claim:org" };
        return budget === "team" ? { unit: "tokens", by: "claim:team" } : undefined;
      },
      audit: { note: (entry) => noted.push(entry) },
    });
  });
  after(() => {
    for (const client of clients) client.close();
    server.forceShutdown();
  });

  it("tells who used what, in the budget's own unit, from a service that can be reached", async () => {
    const listed = await office.list("org");
    expect(listed).to.deep.nested.include({
      ok: true,
      "value.more": false,
      "value.accounts[0].unit": "money",
      "value.accounts[0].amount": 500,
      "value.accounts[0].used": 12.5,
    });
    expect(asked).to.deep.equal(["list org"]);
  });

  it("changes what may be used, and writes down who did", async () => {
    await office.change({ act: "set", budget: "org", key: "acme", amount: 0.1 }, "ann");
    await office.change({ act: "raise", budget: "team", key: "red", amount: 5 }, "ann");
    expect(asked.slice(-2)).to.deep.equal(["set acme 100000000", "raise red 5"]);
    expect(noted.map(({ who, about, outcome }) => `${who}: ${about} ${outcome}`)).to.deep.equal([
      "ann: set org of acme to 0.1 taken",
      "ann: raise team of red by 5 taken",
    ]);
  });

  it("refuses what no budget can hold, and budgets that are not there", async () => {
    const order = { act: "set", budget: "team", key: "red", amount: 0.5 } as const;
    expect(await office.change(order, "ann")).to.deep.include({ ok: false, kind: "wrong" });
    const other = await office.change({ ...order, budget: "teem" }, "ann");
    expect(other).to.deep.equal({
      ok: false,
      kind: "unknown",
      message: "The mesh has no budget teem.",
    });
    expect(await office.list("teem")).to.deep.include({ ok: false, kind: "unknown" });
    expect(noted.at(-1)).to.deep.include({ outcome: "refused" });
  });

  it("wants to know whose account, unless there is one for the whole mesh", async () => {
    const order = { act: "set", key: undefined, amount: 5 } as const;
    expect(await office.change({ ...order, budget: "team" }, "ann")).to.deep.equal({
      ok: false,
      kind: "wrong",
      message:
        'Each claim:team has an account of its own in team: say whose with `--key`; `--key ""` is that of callers who have none.',
    });
    await office.change({ ...order, budget: "team", key: "" }, "ann");
    expect(noted.at(-1)?.about).to.equal("set team of callers who have none to 5");
    await office.change({ ...order, budget: "all" }, "ann");
    expect(noted.at(-1)).to.include({ about: "set all to 5", outcome: "taken" });
    expect(asked.slice(-2)).to.deep.equal(["set  5", "set  5"]);
    const named = await office.change({ ...order, budget: "all", key: "red" }, "ann");
    expect(named).to.deep.include({
      kind: "wrong",
      message: "all is one for the whole mesh: leave out the key red.",
    });
  });

  it("says why where the service cannot do it, or none can be reached", async () => {
    const order = { act: "reset", budget: "team", key: "red", amount: 0 } as const;
    expect(await office.change(order, "ann")).to.deep.equal({
      ok: false,
      kind: "unavailable",
      message: "The quota service cannot tell or change budgets at this moment: the disk is full.",
    });
    const alone = createBudgetOffice({
      services: clients.slice(0, 1),
      describe: () => ({ unit: "tokens", by: "mesh" }),
      audit: { note: () => undefined },
    });
    expect(await alone.list("")).to.deep.include({ ok: false, kind: "unavailable" });
  });
});

function account(of: {
  readonly budget: string;
  readonly key: string;
  readonly unit: string;
  readonly amount: number;
  readonly used: number;
}): quotaPb.Account {
  const made = new quotaPb.Account();
  made.setBudget(of.budget);
  made.setKey(of.key);
  made.setUnit(of.unit);
  made.setAmount(of.amount);
  made.setUsed(of.used);
  return made;
}
