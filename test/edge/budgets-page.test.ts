// What docs/budgets.md shows holds for the mesh and the agent that it shows.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { linkModules } from "../harness/link-modules.ts";
import { asking, callRest } from "../harness/rest.ts";
import { run } from "../harness/smartcall.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type RecordingQuota, startRecordingQuota } from "./recording-quota.ts";
import { type SpendingAgent, startSpendingAgent } from "./spending-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const page = readFileSync(join(root, "docs", "budgets.md"), "utf8");

describe("docs/budgets.md", () => {
  const block = (language: string): string =>
    new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "m").exec(page)?.[1] ?? "";

  describe("the mesh that it shows", () => {
    let gateway: TestGateway;
    let quota: RecordingQuota;
    let agent: SpendingAgent;
    before(async () => {
      quota = await startRecordingQuota();
      agent = await startSpendingAgent();
      const address = { kind: "ip", host: "127.0.0.1", port: agent.port } as const;
      const instance = { id: "one", healthy: true, zone: "here", version: "1", address };
      const instances = new Map(["writer", "helper"].map((name) => [name, [instance]]));
      const written = await writtenMesh(block("yaml"), {}, { instances: () => instances });
      gateway = await startGateway((parts) => ({ ...written(parts), quota: [quota.address] }));
    });
    after(async () => {
      await gateway?.stop();
      for (const each of [quota, agent]) each?.stop();
    });
    const invoke = (name: string) =>
      callRest(gateway, {
        path: `/v1/agents/${name}:invoke`,
        token: gateway.token({ claims: { team: "red", org: "acme" } }),
        body: asking("used input=12;output=8"),
      });

    it("asks for both budgets and the callers' own limits, and tells what was used", async () => {
      quota.grant = 400;
      expect((await invoke("writer")).status).to.equal(200);
      expect(agent.seen.at(-1)?.get("smartcall-grant")).to.deep.equal(["400"]);
      expect(await quota.lastUsage()).to.equal("input=12;output=8");
      expect(quota.asked.at(-2)?.entries).to.include({
        route: "writing",
        "by:claim:team": "red",
        "by:claim:org": "acme",
        "by:subject": "me",
      });
    });

    it("refuses while the service does not answer, where only limits are counted too", async () => {
      quota.answer = "fail";
      for (const name of ["writer", "helper"]) {
        const { status, text, headers } = await invoke(name);
        expect(status).to.equal(503);
        expect(text).to.contain("QUOTA_UNAVAILABLE");
        expect(headers).to.include.keys("retry-after");
      }
    });
  });

  it("shows an agent that keeps to its grant", async () => {
    const folder = mkdtempSync(join(tmpdir(), "smartcall-budgets-"));
    try {
      linkModules(folder);
      writeFileSync(join(folder, "package.json"), '{"type":"module"}');
      const file = join(folder, "counter.ts");
      writeFileSync(file, `${block("ts")}\n${trial}`);
      const { output } = await run(process.execPath, ["--import=tsx", file], {
        cwd: folder,
        env: process.env,
      });
      expect(output.trim().split("\n")).to.deep.equal([
        '{"text":"1 2 3 ","finishReason":"budget","usage":{"inputTokens":2,"outputTokens":3}}',
        "RESOURCE_EXHAUSTED the answer needs at least 3 tokens, and the budget leaves 2 for this call",
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const trial = `
import { testAgent } from "@smartcall/agent-kit";
const tested = testAgent(counter);
const { id, ...answer } = await tested.invoke("one two", { grant: 5 });
console.log(JSON.stringify(answer));
await tested.invoke("one two", { grant: 2 }).catch((error) => console.log(error.code, error.message));
`;
