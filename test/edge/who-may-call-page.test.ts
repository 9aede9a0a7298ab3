// What docs/who-may-call.md says holds for the mesh that it shows.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { type Identity, makeClient, makeIdentity } from "../harness/certificates.ts";
import { asking, callRest } from "../harness/rest.ts";
import { run } from "../harness/smartcall.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type ObedientAgent, startObedientAgent } from "./obedient-agent.ts";
import { writtenMesh } from "./written-mesh.ts";

const page = readFileSync(join(root, "docs", "who-may-call.md"), "utf8");

describe("docs/who-may-call.md", () => {
  let gateway: TestGateway;
  let agent: ObedientAgent;
  let batch: Identity;
  let folder = "";
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "smartcall-page-"));
    const authority = await makeIdentity("Clients", []);
    batch = await makeClient(["spiffe://corp/batch"], authority);
    writeFileSync(join(folder, "clients.pem"), authority.cert);
    agent = await startObedientAgent();
    const [, example = ""] = /^```yaml\n([\s\S]*?)^```$/m.exec(page) ?? [];
    const address = { kind: "ip", host: "127.0.0.1", port: agent.port } as const;
    const instance = { id: "one", healthy: true, zone: "here", version: "1", address };
    const agents = ["writer", "reports", "batch", "desk", "status"];
    const written = await writtenMesh(
      example,
      {},
      {
        path: join(folder, "mesh.yaml"),
        instances: () => new Map(agents.map((name) => [name, [instance]])),
      },
    );
    gateway = await startGateway((parts) => ({
      ...written(parts),
      gateway: { ...parts.gateway, clientAuthorities: authority.cert },
    }));
  });
  after(async () => {
    await gateway?.stop();
    agent?.stop();
    rmSync(folder, { recursive: true });
  });

  const statusOf = async (
    name: string,
    token?: Parameters<TestGateway["token"]>[0],
    certificate?: Identity,
  ): Promise<number> => {
    const shown = {
      ...(token && { token: gateway.token(token) }),
      ...(certificate && { certificate }),
    };
    const call = { path: `/v1/agents/${name}:invoke`, body: asking("hello"), ...shown };
    return (await callRest(gateway, call)).status;
  };

  it("shows routes that let in whom it says, and nobody else", async () => {
    const scopes = ["agents:invoke", "writer:use"];
    expect(await statusOf("writer", { scopes, claims: { plan: "silver" } })).to.equal(200);
    expect(await statusOf("writer", { claims: { plan: "silver" } })).to.equal(403);
    expect(await statusOf("writer", { scopes, claims: { plan: "iron" } })).to.equal(403);
    const analyst = { realm_access: { roles: ["analyst"] }, staff: true, team: null };
    expect(await statusOf("reports", { scopes: [], claims: analyst })).to.equal(200);
    expect(await statusOf("reports", { claims: { ...analyst, staff: false } })).to.equal(403);
    expect(await statusOf("batch", undefined, batch)).to.equal(200);
    expect(await statusOf("batch", {})).to.equal(403);
    expect(await statusOf("desk", {})).to.equal(200);
    expect(await statusOf("status")).to.equal(200);
    expect(await statusOf("writer")).to.equal(401);
  });

  it("shows a command that calls with a certificate", async () => {
    const [, command = ""] = /^```sh\n(curl [\s\S]*?)\n```$/m.exec(page) ?? [];
    writeFileSync(join(folder, "ca.pem"), gateway.ca);
    writeFileSync(join(folder, "batch.pem"), batch.cert);
    writeFileSync(join(folder, "batch.key"), batch.key);
    const here = command
      .replace(".smartcall/ca.pem", "ca.pem")
      .replace("localhost:8443", `localhost:${gateway.port}`);
    const { code, output } = await run("sh", ["-c", here], { cwd: folder, env: process.env });
    expect(code, output).to.equal(0);
    expect(output).to.contain('"content":"Hello"');
  });
});
