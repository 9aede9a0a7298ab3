// Agents whose instances do not register themselves, in a mesh that runs.
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { type ObedientAgent, startObedientAgent } from "../edge/obedient-agent.ts";
import { eventually } from "../harness/eventually.ts";
import { textAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { asking, callRest } from "../harness/rest.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { smartcall } from "../harness/smartcall.ts";

describe("instances that mesh.yaml says itself", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  let agent: ObedientAgent;
  before(async () => {
    mesh = await sharedMesh();
    agent = await startObedientAgent();
  });
  after(() => {
    mesh.save([]);
    agent.stop();
  });

  const place = (instances: string): void => {
    mesh.save([]);
    const text = readFileSync(mesh.meshFile, "utf8");
    writeFileSync(mesh.meshFile, text.replace("  vip: {}", `  vip: { instances: ${instances} }`));
  };
  const status = async (): Promise<number> => {
    const token = await mesh.token();
    const path = "/v1/agents/vip:invoke";
    return (await callRest(mesh, { path, token, body: asking("hello") })).status;
  };
  const becomes = (expected: number): Promise<void> =>
    eventually(async () => {
      expect(await status()).to.equal(expected);
    });

  it("answer at an address and behind a name, and no more once it is taken out", async () => {
    await becomes(503);
    place(`{ static: ["127.0.0.1:${agent.port}"] }`);
    await becomes(200);
    mesh.save([]);
    await becomes(503);
    place(`{ dns: "localhost:${agent.port}" }`);
    await becomes(200);
    mesh.save([]);
    await becomes(503);
    place(`{ static: ["127.0.0.1:${agent.port}"], dns: "localhost:${agent.port}" }`);
    await becomes(200);
    const [first] = agent.seen;
    expect(first?.get("smartcall-agent")).to.deep.equal(["vip"]);
  });

  it("are shown to operators, with those who may call each other", async () => {
    const port = String(agent.port);
    mesh.save([]);
    const text = readFileSync(mesh.meshFile, "utf8");
    const both = `instances: { static: ["127.0.0.1:${port}"], dns: "localhost:${port}" }`;
    const calls = `  vip: { calls: [echo], ${both} }`;
    const hidden = "  late: { expose: false }";
    writeFileSync(mesh.meshFile, text.replace("  vip: {}", calls).replace("  late: {}", hidden));
    await eventually(async () => {
      const { code, output } = await smartcall(["agents"], { cwd: mesh.folder, env: mesh.env });
      expect(code, output).to.equal(0);
      expect(output).to.match(new RegExp(`^vip +\\(static\\) +127.0.0.1:${port}`, "m"));
      expect(output).to.match(new RegExp(`^vip +\\(dns\\) +localhost:${port}`, "m"));
      expect(output).to.include("vip calls echo.\n").and.to.include("late is hidden");
    });
    const token = await mesh.token();
    const call = { path: "/v1/agents/late:invoke", token, body: asking("hello") };
    expect((await callRest(mesh, call)).status).to.equal(404);
  });

  it("are refused where calls would go in the clear, and those before answer on", async () => {
    place(`{ static: ["127.0.0.1:${agent.port}"] }`);
    await becomes(200);
    const before = mesh.up.output().length;
    place('{ static: ["10.255.255.1:50051"], sidecars: false }');
    await eventually(() => {
      expect(mesh.up.output().slice(before)).to.contain("SC409").and.to.contain("tls");
    });
    expect(await status()).to.equal(200);
    const page: unknown = await (await fetch(`${mesh.admin}/mesh`)).json();
    expect(textAt(page, "name")).to.equal("test");
  });
});
