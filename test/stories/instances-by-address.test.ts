// Agents whose instances do not register themselves, in a mesh that runs.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type ObedientAgent, startObedientAgent } from "../edge/obedient-agent.ts";
import { callable } from "../harness/attach-agent.ts";
import { envoyStat } from "../harness/envoy-stats.ts";
import { eventually } from "../harness/eventually.ts";
import { textAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { asking, callRest } from "../harness/rest.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { smartcall } from "../harness/smartcall.ts";
import { startSidecar, type TestSidecar } from "../sidecars/sidecar.ts";

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
  /** The sidecar of an instance without a lease, joined to the mesh. */
  const sidecarOf = (name: string): Promise<TestSidecar> => {
    const [host = "", port] = (mesh.env["SMARTCALL_CONTROL_PLANE"] ?? "").split(":");
    const token = readFileSync(join(mesh.stateFolder, "join-token"), "utf8").trim();
    return startSidecar(name, { host, port: Number(port) }, token);
  };
  /** How often the gateway met a certificate of another name than `vip` must have. */
  const refusedNames = (): Promise<number> => envoyStat(mesh, "cluster.vip.ssl.fail_verify_san");
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

  it("are sidecars where it says so: called by mTLS, as their own agent's, and as no other's", async () => {
    const own = await sidecarOf("vip");
    const another = await sidecarOf("late");
    try {
      mesh.save([]);
      await becomes(503);
      place(`{ static: ["127.0.0.1:${own.port}"], sidecars: true }`);
      await becomes(200);
      const caller = own.instance.seen.at(-1)?.get("smartcall-caller");
      expect(caller).to.deep.equal(["spiffe://test/gateway"]);
      const refusedBefore = await refusedNames();

      place(`{ static: ["127.0.0.1:${another.port}"], sidecars: true }`);
      await becomes(503);
      await eventually(async () => expect(await refusedNames()).to.be.above(refusedBefore));
      expect(await status()).to.equal(503);
      expect(another.instance.seen).to.have.length(0);

      // Its own agent's it is: nothing else is wrong with it.
      mesh.save([]);
      const text = readFileSync(mesh.meshFile, "utf8");
      const late = `  late: { instances: { static: ["127.0.0.1:${another.port}"], sidecars: true } }`;
      writeFileSync(mesh.meshFile, text.replace("  late: {}", late));
      await callable(mesh, "late", "hello");
      expect(another.instance.seen).to.have.length.above(0);
    } finally {
      await Promise.all([own.stop(), another.stop()]);
    }
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
