// What the quota service is told of a claim: the same by which gateways count a minute.
import { expect } from "chai";
import { asking, callRest } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type RecordingQuota, startRecordingQuota } from "./recording-quota.ts";
import { type SpendingAgent, startSpendingAgent } from "./spending-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const mesh = `
mesh: edge-test
agents: { writer: { instances: { static: [$agent] } } }
budgets:
  team: { by: "claim:team", tokens: 10000, per: day }
routes:
  - name: writing
    match: { agent: writer }
    budget: { of: team, reserve: 400 }
`;

describe("A budget by a claim", () => {
  let gateway: TestGateway;
  let quota: RecordingQuota;
  let agent: SpendingAgent;
  before(async () => {
    quota = await startRecordingQuota();
    agent = await startSpendingAgent();
    const written = await writtenMesh(mesh, { agent: agent.port });
    gateway = await startGateway((parts) => ({ ...written(parts), quota: [quota.address] }));
  });
  after(async () => {
    await gateway?.stop();
    for (const each of [quota, agent]) each?.stop();
  });

  const told = async (team: unknown): Promise<string | undefined> => {
    const { status } = await callRest(gateway, {
      path: "/v1/agents/writer:invoke",
      token: gateway.token({ claims: { team } }),
      body: asking("used input=1;output=1"),
    });
    expect(status).to.equal(200);
    const begun = quota.asked.findLast(({ entries }) => entries["phase"] === "reserve");
    return begun?.entries["by:claim:team"];
  };

  it("takes texts, numbers and booleans for values, each by itself", async () => {
    const values = ["red", "", 5, -2.5, 1_234_567_890, 1_234_567_891, true, false];
    for (const value of values) expect(await told(value)).to.equal(`${value}`);
  });

  it("takes lists, objects and null as if they were not there", async () => {
    const values = [["red"], { id: 5 }, null];
    for (const value of values) {
      expect(await told(value), JSON.stringify(value)).to.equal(undefined);
    }
  });
});
