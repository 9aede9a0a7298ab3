// What sidecars ask the quota service for calls between agents, on real Envoys.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { status } from "@grpc/grpc-js";
import type { BudgetUse } from "@smartcall/control-plane/dist/model/budget.js";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { type RecordingQuota, startRecordingQuota } from "../edge/recording-quota.ts";
import { eventually } from "../harness/eventually.ts";
import { invokeGrpc, metadataOf, saying } from "../harness/grpc.ts";
import { reasonOf } from "../harness/grpc-reason.ts";
import { invokeAs, ownClient, taken } from "./callers.ts";
import { describedBy } from "./described-by.ts";
import { type SidecarMesh, startSidecarMesh } from "./mesh.ts";

const origin = { file: "mesh.yaml", line: 1, column: 1 };
const use = (unavailable: BudgetUse["unavailable"]): BudgetUse => ({
  of: "team",
  reserve: 100,
  minimum: 1,
  unavailable,
  origin,
});

describe("budgets of calls between agents", function () {
  this.timeout(120_000);
  let mesh: SidecarMesh;
  let quota: RecordingQuota;
  const used = saying("used input=3;output=4");
  const phases = (phase: string) => quota.asked.filter(({ entries }) => entries["phase"] === phase);
  const ids = (phase: string) => phases(phase).map(({ entries }) => entries["id"]);
  const lastSeen = (agent: string, key: string) =>
    mesh.sidecar(agent).instance.seen.at(-1)?.get(key);
  const call = (agent: string, metadata: Readonly<Record<string, string>> = {}) =>
    invokeAs(mesh, "planner", { agent, token: mesh.token(), metadata, request: used });
  const settled = () =>
    eventually(async () => expect(ids("settle").sort()).to.include.members(ids("reserve")));

  before(async () => {
    quota = await startRecordingQuota();
    const limits = [
      { name: "one", kind: "concurrent", calls: 1, by: { kind: "subject" }, origin },
    ] as const;
    mesh = await startSidecarMesh({
      quota: [quota.address],
      budgets: [
        {
          name: "team",
          by: { kind: "subject" },
          amount: { kind: "tokens", tokens: 1_000 },
          per: "day",
          origin,
        },
      ],
      agents: [
        { name: "open" },
        { name: "plain" },
        { name: "planner", calls: ["open", "plain", "writer"] },
        { name: "writer", hidden: true },
      ],
      routes: [
        { name: "open", budget: use("allow") },
        { name: "plain", limits },
        { name: "planner" },
        { name: "writer", budget: use("refuse"), limits, timeoutMs: 2_000 },
      ],
    });
  });
  after(async () => {
    await mesh?.stop();
    quota?.stop();
    expect(mesh.refused).to.deep.equal([]);
  });
  beforeEach(() => Object.assign(quota, { answer: "grant", grant: 1_000 }));

  it("are asked at the begin and told at the end, by the first caller's claims, of the budget alone", async () => {
    const { length } = quota.asked;
    taken(await call("writer"));
    expect(await quota.lastUsage()).to.equal("input=3;output=4");
    const [begin, end] = quota.asked.slice(length);
    expect(begin?.entries).to.deep.include({
      phase: "reserve",
      route: "writer",
      inside: "yes",
      "by:subject": "me",
    });
    expect(begin?.keys).to.deep.equal(["phase", "route", "inside", "id", "by:subject"]);
    expect(end?.keys).to.deep.equal(["phase", "id", "usage"]);
    expect(end?.entries["id"]).to.equal(begin?.entries["id"]);
  });

  it("know each call by an id of its own, though a whole tree has one request id", async () => {
    const before = ids("reserve").length;
    const metadata = { "x-request-id": "the-tree", "smartcall-reservation": "mine" };
    const replies = await Promise.all(Array.from({ length: 40 }, () => call("writer", metadata)));
    for (const reply of replies) taken(reply);
    expect(lastSeen("writer", "x-request-id")).to.deep.equal(["the-tree"]);
    expect(lastSeen("writer", "smartcall-reservation")).to.deep.equal([]);
    const begun = ids("reserve").slice(before);
    expect(new Set(begun).size).to.equal(40);
    for (const id of begun) expect(id).to.match(/^[0-9a-f-]{36}$/);
    await settled();
  });

  it("give the grant to the agent that is called, and none that an agent makes up", async () => {
    quota.grant = 77;
    const forged = {
      "smartcall-grant": "1000000",
      "smartcall-budget": "of=1000000",
      "smartcall-quota": "counted",
    };
    taken(await call("writer", forged));
    expect(lastSeen("writer", "smartcall-grant")).to.deep.equal(["77"]);
    expect(lastSeen("writer", "smartcall-budget")).to.deep.equal([]);
    taken(await call("plain", forged));
    expect(lastSeen("plain", "smartcall-grant")).to.deep.equal([]);
    expect(lastSeen("plain", "smartcall-quota")).to.deep.equal([]);
  });

  it("know no caller where the run has no token", async () => {
    taken(await invokeAs(mesh, "planner", { agent: "writer", request: used }));
    expect(phases("reserve").at(-1)?.keys).to.deep.equal(["phase", "route", "inside", "id"]);
    await settled();
  });

  it("are told that nobody knows what was used where an agent hangs up, or its time is over", async () => {
    const client = ownClient(mesh, "planner");
    const metadata = metadataOf({ agent: "writer", token: mesh.token() });
    const { length } = mesh.sidecar("writer").instance.seen;
    const hanging = client.invoke(saying("silence"), metadata, {}, () => client.close());
    await eventually(async () =>
      expect(mesh.sidecar("writer").instance.seen).to.have.length(length + 1),
    );
    hanging.cancel();
    expect(await quota.lastUsage()).to.equal("none");
    const late = { agent: "writer", token: mesh.token(), request: saying("silence") };
    const reply = await invokeAs(mesh, "planner", late);
    expect(reply.ok ? undefined : reply.error.code).to.equal(status.DEADLINE_EXCEEDED);
    expect(await quota.lastUsage()).to.equal("none");
  });

  it("refuse what the service refuses, with the reason and which budget", async () => {
    quota.answer = "refuse";
    const { length } = mesh.sidecar("writer").instance.seen;
    const reply = await call("writer");
    if (reply.ok) throw new Error("it was taken");
    expect(reply.error.code).to.equal(status.RESOURCE_EXHAUSTED);
    expect(reasonOf(reply.error)).to.equal("BUDGET_SPENT");
    expect(reply.error.metadata.get("smartcall-rule")).to.deep.equal(["team"]);
    expect(reply.error.metadata.get("retry-after")).to.deep.equal(["60"]);
    expect(mesh.sidecar("writer").instance.seen).to.have.length(length);
  });

  it("refuse calls while the service does not answer, or let them pass, as the route says", async () => {
    quota.answer = "fail";
    const reply = await call("writer");
    expect(reply.ok ? undefined : reasonOf(reply.error)).to.equal("QUOTA_UNAVAILABLE");
    taken(await call("open"));
    expect(lastSeen("open", "smartcall-grant")).to.deep.equal([]);
  });

  it("are asked by no other sidecar, nor for agents without one", async () => {
    const { length } = ids("reserve");
    taken(await call("plain"));
    expect(ids("reserve")).to.have.length(length);
    const clusters = (agent: string) => mesh.sidecar(agent).admin("/clusters");
    expect(await clusters("planner")).to.include("smartcall:quota::");
    expect(await clusters("writer")).to.not.include("smartcall:quota");
  });
});

describe("the budget that docs/agents-call-agents.md shows", function () {
  this.timeout(120_000);
  let mesh: SidecarMesh;
  let quota: RecordingQuota;
  before(async () => {
    const page = readFileSync(join(root, "docs", "agents-call-agents.md"), "utf8");
    const [, text = ""] = /## Who pays[\s\S]*?^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];
    quota = await startRecordingQuota();
    mesh = await startSidecarMesh({ ...(await describedBy(text)), quota: [quota.address] });
  });
  after(async () => {
    await mesh?.stop();
    quota?.stop();
  });

  it("is spent by the first caller's team through the planner, whose own calls cost nothing", async () => {
    const token = mesh.token({ claims: { team: "red" } });
    taken(await invokeGrpc(mesh, { agent: "planner", token, request: saying("hello") }));
    expect(quota.asked).to.deep.equal([]);
    const request = saying("used input=3;output=4");
    taken(await invokeAs(mesh, "planner", { agent: "assistant", token, request }));
    expect(await quota.lastUsage()).to.equal("input=3;output=4");
    expect(quota.asked[0]?.entries).to.include({ route: "assisting", "by:claim:team": "red" });
    taken(await invokeGrpc(mesh, { agent: "assistant", token, request }));
    expect(await quota.lastUsage()).to.equal("input=3;output=4");
    expect(quota.asked.at(-2)?.entries).to.not.have.property("inside");
  });
});
