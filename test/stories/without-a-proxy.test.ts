// docs/protocol.md: a gRPC client of another make finds an agent through our xDS, with no Envoy between:
// one whose instances have no sidecar, which would ask it for a certificate.
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { blocksOf } from "../checks/pages.ts";
import { readSource } from "../checks/repository.ts";
import { type ObedientAgent, startObedientAgent } from "../edge/obedient-agent.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { listAt, textAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";

describe("a program that calls an agent without a proxy", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  let socket = "";
  let agents: readonly ObedientAgent[] = [];
  const started: Child[] = [];
  before(async () => {
    mesh = await sharedMesh();
    socket = join(mesh.stateFolder, "sockets", "xds.sock");
    agents = [await startObedientAgent(), await startObedientAgent()];
    place(agents.slice(0, 1));
  });
  after(() => {
    mesh.save([]);
    for (const agent of agents) agent.stop();
  });
  const place = (present: readonly ObedientAgent[]): void => {
    const addresses = present.map(({ port }) => `"127.0.0.1:${port}"`).join(", ");
    const vip = `  vip: { instances: { static: [${addresses}] } }`;
    mesh.save([]);
    writeFileSync(mesh.meshFile, readFileSync(mesh.meshFile, "utf8").replace("  vip: {}", vip));
  };
  afterEach(async () => {
    for (const child of started.splice(0)) await endGroup(child);
  });

  const start = (program: string, args: readonly string[], env: NodeJS.ProcessEnv): Child => {
    const child = startChild(process.execPath, [program, ...args], { cwd: mesh.folder, env });
    started.push(child);
    return child;
  };
  const startCaller = (agent: string): Child => {
    const program = fileURLToPath(new URL("../harness/proxyless-caller.js", import.meta.url));
    const [shown = ""] = blocksOf(readSource("docs/protocol.md"))
      .filter(({ language }) => language === "json")
      .map(({ text }) => text);
    const bootstrap = shown.replace("/path/to/.smartcall/sockets/xds.sock", socket);
    return start(program, [agent], {
      ...process.env,
      GRPC_XDS_BOOTSTRAP_CONFIG: bootstrap,
    });
  };

  it("finds the agent by its name, and loses no call while instances come and go", async () => {
    const caller = startCaller("vip");
    await caller.says("first: hello");
    for (const present of [agents, agents.slice(1), agents]) {
      place(present);
      await pause(1_000);
    }
    await eventually(() => {
      for (const { seen } of agents) expect(seen).to.not.have.length(0);
    });
    process.kill(caller.pid, "SIGTERM");
    await caller.says(/calls: \d{2,}, failures: \[\]/);
  });

  it("asks at a socket that only its owner can open, and is shown among the nodes", async () => {
    expect(statSync(socket).mode & 0o777).to.equal(0o600);
    const caller = startCaller("vip");
    await caller.says("first: hello");
    const page: unknown = await (await fetch(`${mesh.admin}/nodes`)).json();
    const row = listAt(page, "nodes").find((one) => textAt(one, "node") === "my-program");
    expect(textAt(listAt(row, "streams")[0], "variant")).to.equal("sotw");
  });
});
