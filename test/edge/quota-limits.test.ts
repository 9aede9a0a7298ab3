// What docs/limits.md says of calls at once, and per day, holds in the real quota service.
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseMesh } from "@smartcall/control-plane/dist/config/index.js";
import { policiesOf } from "@smartcall/control-plane/dist/quota/index.js";
import { writePolicies } from "@smartcall/quota/dist/policy/policy-file.js";
import {
  type QuotaProcess,
  startQuotaProcess,
} from "@smartcall/quota/dist/testing/quota-process.js";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { asking, callRest, openRest, type RestReply } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type SpendingAgent, startSpendingAgent } from "./spending-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const page = readFileSync(join(root, "docs", "limits.md"), "utf8");

describe("docs/limits.md, of what the quota service counts", () => {
  let folder: string;
  let quota: QuotaProcess;
  let gateway: TestGateway;
  let agent: SpendingAgent;
  before(async () => {
    const [, section = ""] = page.split("## Calls per hour and day, and calls at once");
    const [, shown = ""] = /^```yaml\n([\s\S]*?)^```$/m.exec(section) ?? [];
    // So short a deadline that a test can wait for it.
    const text = `${shown}    timeout: 2s\n`;
    const parsed = parseMesh([{ name: "mesh.yaml", text }]);
    if (!parsed.ok) throw new Error("the mesh that is shown has a mistake");
    folder = mkdtempSync(join(tmpdir(), "quota-limits-"));
    writePolicies(join(folder, "quota", "policies"), policiesOf([parsed.config]));
    quota = await startQuotaProcess(folder);
    agent = await startSpendingAgent();
    const address = { kind: "ip", host: "127.0.0.1", port: agent.port } as const;
    const instance = { id: "one", healthy: true, zone: "here", version: "1", address };
    const instances = new Map([["writer", [instance]]]);
    const written = await writtenMesh(text, {}, { instances: () => instances });
    const where = { kind: "unix", path: join(folder, "quota.sock") } as const;
    gateway = await startGateway((parts) => ({ ...written(parts), quota: [where] }));
  });
  after(async () => {
    await gateway?.stop();
    agent?.stop();
    await quota?.end("SIGKILL");
    if (folder !== undefined) rmSync(folder, { recursive: true });
  });

  const path = "/v1/agents/writer:stream";
  const call = (subject: string, text: string): Promise<RestReply> =>
    callRest(gateway, { path, token: gateway.token({ subject }), body: asking(text) });
  /** A call that runs until its client leaves; fails where it may not. */
  const hang = async (subject: string): Promise<AbortController> => {
    const left = new AbortController();
    const token = gateway.token({ subject });
    const body = asking("hang");
    const stream = await openRest(gateway, { path, token, body, signal: left.signal });
    stream.on("error", () => undefined);
    if (stream.statusCode !== 200) throw new Error(`HTTP ${stream.statusCode}`);
    await once(stream, "data");
    return left;
  };

  it("gives each caller four calls at once, and a place back however a call ends", async () => {
    const left = await Promise.all([1, 2, 3, 4].map(() => hang("ann")));
    const refused = await call("ann", "hello");
    expect(refused.status).to.equal(429);
    expect(refused.headers).to.include({
      "retry-after": "1",
      "smartcall-rule": "writing:4/at-once/subject",
    });
    expect(refused.text).to.include("TOO_MANY_AT_ONCE");
    expect((await call("bob", "hello")).status).to.equal(200);
    left[0]?.abort();
    await eventually(async () => expect((await call("ann", "hello")).status).to.equal(200));
    // The failed one, and the one that was done, have given theirs back.
    await call("ann", "failed input=1;output=1");
    await eventually(async () => expect((await call("ann", "hello")).status).to.equal(200));
    // The others are at their deadline.
    await eventually(
      async () => {
        const four = await Promise.allSettled([1, 2, 3, 4].map(() => hang("ann")));
        for (const each of four) if (each.status === "fulfilled") each.value.abort();
        expect(four.filter(({ status }) => status === "rejected")).to.deep.equal([]);
      },
      { withinMs: 15_000 },
    );
  }).timeout(60_000);

  it("counts calls of a day, and says how many are left and until when", async () => {
    const first = await call("cleo", "hello");
    const second = await call("cleo", "failed input=1;output=1");
    const left = [first, second].map(({ headers }) => headers["x-ratelimit-remaining"]);
    expect(left).to.deep.equal(["999", "998"]);
    expect(first.headers["x-ratelimit-limit"]).to.equal("1000");
    const midnight = Math.ceil(86_400 - ((Date.now() / 1000) % 86_400));
    expect(Number(first.headers["x-ratelimit-reset"])).to.be.closeTo(midnight, 60);
  });

  it("gives back the places of calls that ended while the service was gone", async () => {
    const left = await Promise.all([1, 2, 3, 4].map(() => hang("eve")));
    await quota.end("SIGKILL");
    for (const each of left) each.abort();
    await pause(1_000);
    quota = await startQuotaProcess(folder);
    await eventually(async () => {
      const four = await Promise.allSettled([1, 2, 3, 4].map(() => hang("eve")));
      for (const each of four) if (each.status === "fulfilled") each.value.abort();
      expect(four.filter(({ status }) => status === "rejected")).to.deep.equal([]);
    });
  });

  it("refuses while the service is gone, and goes on where it was when it is back", async () => {
    await call("dan", "hello");
    await quota.end("SIGKILL");
    const refused = await call("dan", "hello");
    expect(refused.status).to.equal(503);
    expect(refused.text).to.include("QUOTA_UNAVAILABLE");
    quota = await startQuotaProcess(folder);
    await eventually(async () => {
      const { headers, status } = await call("dan", "hello");
      expect(status).to.equal(200);
      expect(headers["x-ratelimit-remaining"]).to.equal("998");
    });
  });
});
