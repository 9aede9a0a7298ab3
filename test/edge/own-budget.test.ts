// What calls of an agent's own methods use, in the real quota service.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseMesh } from "@smartcall/control-plane/dist/config/index.js";
import { policiesOf } from "@smartcall/control-plane/dist/quota/index.js";
import { readOwnServices } from "@smartcall/control-plane/dist/source/own-services/index.js";
import { writePolicies } from "@smartcall/quota/dist/policy/policy-file.js";
import {
  type QuotaProcess,
  startQuotaProcess,
} from "@smartcall/quota/dist/testing/quota-process.js";
import { expect } from "chai";
import { eventually } from "../harness/eventually.ts";
import { callRest, type RestReply } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { descriptorsOf, type StationAgent, startStation } from "./station-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const text = `
mesh: edge-test
agents:
  station: {}
budgets:
  person: { by: subject, tokens: 71, per: day }
routes:
  - name: measured
    match: { agent: station }
    budget: { of: person, reserve: 50, minimum: 50 }
`;

describe("An agent's own methods on a route with a budget", function () {
  this.timeout(60_000);
  let folder: string;
  let quota: QuotaProcess;
  let gateway: TestGateway;
  let station: StationAgent;
  before(async () => {
    const parsed = parseMesh([{ name: "mesh.yaml", text }]);
    if (!parsed.ok) throw new Error("the mesh has a mistake");
    folder = mkdtempSync(join(tmpdir(), "own-budget-"));
    writePolicies(join(folder, "quota", "policies"), policiesOf([parsed.config]));
    quota = await startQuotaProcess(folder);
    station = await startStation();
    const address = { kind: "ip", host: "127.0.0.1", port: station.port } as const;
    const instance = { id: "one", healthy: true, zone: "", version: "1", address };
    const instances = new Map([["station", [instance]]]);
    const written = await writtenMesh(text, {}, { instances: () => instances });
    const where = { kind: "unix", path: join(folder, "quota.sock") } as const;
    const services = readOwnServices(descriptorsOf("station"), "station");
    if ("problems" in services) throw new Error(services.problems.join());
    gateway = await startGateway((parts) => {
      const made = written(parts);
      const agents = made.agents.map((each) => ({ ...each, services }));
      return { ...made, agents, quota: [where] };
    });
  });
  after(async () => {
    await gateway?.stop();
    await station?.stop();
    await quota?.end("SIGKILL");
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const measure = (say: string): Promise<RestReply> =>
    callRest(gateway, {
      path: "/v1/agents/station:measure",
      token: gateway.token({ subject: "ann" }),
      body: { say },
    });
  const grants = () => station.seen.map(({ grant }) => grant);

  it("are granted what is reserved, and charged what they used, failed or not", async () => {
    // Each uses seven of the 71, and is refused until the one before is settled.
    for (const [index, say] of ["one", "two", "fail", "four"].entries()) {
      await eventually(async () => {
        const { status } = await measure(say);
        expect(status).to.equal(say === "fail" ? 400 : 200);
      });
      expect(grants()).to.have.length(index + 1);
    }
    expect(grants()).to.deep.equal([50, 50, 50, 50]);
  });

  it("are refused once less is left than they need, and reach no agent", async () => {
    const before = station.seen.length;
    const refused = await eventually(async () => {
      const reply = await measure("five");
      expect(reply.status).to.equal(429);
      return reply;
    });
    expect(refused.text).to.include("BUDGET_SPENT");
    expect(station.seen.length).to.equal(before);
  });
});
