// What docs/limits.md says holds for the mesh that it shows.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type ObedientAgent, startObedientAgent } from "./obedient-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const page = readFileSync(join(root, "docs", "limits.md"), "utf8");

describe("docs/limits.md", () => {
  let gateway: TestGateway;
  let agent: ObedientAgent;
  before(async () => {
    agent = await startObedientAgent();
    const [, example = ""] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];
    const address = { kind: "ip", host: "127.0.0.1", port: agent.port } as const;
    const instance = { id: "one", healthy: true, zone: "here", version: "1", address };
    const instances = new Map(["writer", "try-me"].map((name) => [name, [instance]]));
    gateway = await startGateway(await writtenMesh(example, {}, { instances: () => instances }));
  });
  after(async () => {
    await gateway.stop();
    agent.stop();
  });
  const atOnce = (count: number, token?: string): Promise<readonly RestReply[]> => {
    const path = `/v1/agents/${token === undefined ? "try-me" : "writer"}:invoke`;
    const call = { path, body: asking("hello"), ...(token !== undefined && { token }) };
    return Promise.all(Array.from({ length: count }, () => callRest(gateway, call)));
  };

  it("shows limits that hold, and the headers that tell of them", async () => {
    const replies = [
      ...(await atOnce(1, gateway.token({ subject: "ann", claims: { team: "red" } }))),
      ...(await atOnce(30, gateway.token({ subject: "bob", claims: { team: "red" } }))),
      ...(await atOnce(15)),
    ];
    const refused = new Set(
      replies.flatMap(({ headers, status }) => (status === 429 ? headers["smartcall-rule"] : [])),
    );
    expect([...refused]).to.deep.equal(["writing:5/second/subject", "trying:10/minute/address"]);
    expect(replies[0]?.headers["x-ratelimit-limit"]).to.equal("5");
    const told = new Set(replies.flatMap(({ headers }) => Object.keys(headers)));
    const named = [...page.matchAll(/^\| `([a-z-]+)` \| .*$/gm)]
      .map(([, name = ""]) => name)
      .filter((name) => name.includes("-"));
    expect(named).to.include.members(["x-ratelimit-limit", "retry-after"]);
    expect([...told]).to.include.members(named);
  });
});
