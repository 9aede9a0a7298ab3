// One more gateway beside the mesh's own.
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { listAt, textAt, valueAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { freePorts, occupyPort } from "../harness/ports.ts";
import { processesMarked } from "../harness/processes.ts";
import { expectInTime } from "../harness/promised.ts";
import { asking, callRest, type RestReply } from "../harness/rest.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";
import { type Ended, smartcall, smartcallBin } from "../harness/smartcall.ts";

describe("one more gateway", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  let gateway: Child | undefined;
  let url = "";

  before(async () => {
    mesh = await sharedMesh();
    const [port = 0] = await freePorts(1);
    url = `https://localhost:${port}`;
    gateway = start("--name", "g2", "--https-port", `${port}`);
    await gateway.says(`The gateway g2 serves the mesh "test" at ${url}`);
  });
  after(async () => {
    mesh.save([]);
    if (gateway !== undefined) await endGroup(gateway);
  });

  it("answers calls at a port of its own, by the same rules", async () => {
    const token = await mesh.token();
    const { status, json } = await call(url, "echo", token);
    expect([status, textAt(json, "message", "content")]).to.deep.equal([200, "Hello"]);
    expect((await call(url, "guarded", token)).status).to.equal(403);
    expect((await call(mesh.url, "echo", token)).status).to.equal(200);
    expect((await callRest({ ...mesh, url }, { path: "/v1/agents/echo:invoke" })).status).to.equal(
      401,
    );
  });

  it("is listed beside the first, and both have taken all", async () => {
    await eventually(async () => {
      const page: unknown = await (await fetch(`${mesh.admin}/nodes`)).json();
      const nodes = listAt(page, "nodes").filter(
        (node) => textAt(node, "streams", 0, "cluster") === "gateway",
      );
      expect(nodes.map((node) => textAt(node, "node"))).to.deep.equal(["edge", "g2"]);
      for (const node of nodes) {
        for (const type of ["cluster", "endpoint", "listener", "route", "secret", "extension"]) {
          expect(valueAt(node, "streams", 0, "types", type, "state"), type).to.equal("SYNCED");
        }
      }
    });
  });

  it("is reached by a save within a second, as is the first", async () => {
    const token = await mesh.token();
    const vip = "{ name: vip, match: { agent: vip }, to: echo }";
    mesh.save([vip]);
    const savedAt = performance.now();
    await eventually(async () => {
      for (const each of [url, mesh.url]) {
        expect((await call(each, "vip", token)).status).to.equal(200);
      }
    });
    expectInTime("a save at both gateways", performance.now() - savedAt, 1_500);
  });

  it("is refused a name that is taken, and a port that is", async () => {
    for (const name of ["g2", "edge"]) {
      const { code, output } = await type("--name", name);
      expect(code === 1 || code === 2, output).to.equal(true);
      expect(output).to.match(new RegExp(`gateway ${name} `));
    }
    const taken = await occupyPort();
    const { code, output } = await type("--name", "g3", "--https-port", `${taken.port}`);
    await taken.close();
    expect(code).to.equal(1);
    expect(output).to.match(
      new RegExp(`^smartcall: Port ${taken.port}, for HTTPS, is used by .*--https-port`),
    );
    expect((await type("--name", "G 3")).code).to.equal(2);
  });

  it("takes the next free port where none is named, and leaves nothing when it is ended", async () => {
    const before = new Set(processesMarked(mesh.mark).map(({ pid }) => pid));
    const another = start("--name", "g3");
    await another.says(/serves the mesh "test" at https:\/\/localhost:\d+/);
    const [, port] = /at https:\/\/localhost:(\d+)/.exec(another.output()) ?? [];
    expect(Number(port)).to.be.greaterThan(mesh.port);
    const its = processesMarked(mesh.mark).filter(({ pid }) => !before.has(pid));
    // The command, its Envoy, and the realtime service beside that.
    expect(its).to.have.length.at.least(3);
    another.process.kill("SIGINT");
    expect((await another.ended).code).to.equal(0);
    expect(another.output()).to.contain("Stopped.");
    const still = new Set(processesMarked(mesh.mark).map(({ pid }) => pid));
    expect(its.filter(({ pid }) => still.has(pid))).to.deep.equal([]);
    const left = [mesh.stateFolder, join(mesh.stateFolder, "envoy")].flatMap((folder) =>
      readdirSync(folder).filter((name) => name.startsWith("gateway-g3")),
    );
    expect(left).to.deep.equal([]);
    expect((await call(url, "echo", await mesh.token())).status).to.equal(200);
  });

  it("needs a mesh that runs", async () => {
    const env = { ...mesh.env, SMARTCALL_STATE: join(mesh.folder, "elsewhere") };
    const { code, output } = await smartcall(["gateway", "--name", "g4"], {
      cwd: mesh.folder,
      env,
    });
    expect(code, output).to.equal(3);
  });

  function start(...args: readonly string[]): Child {
    return startChild(process.execPath, [smartcallBin, "gateway", ...args], {
      cwd: root,
      env: mesh.env,
    });
  }

  function type(...args: readonly string[]): Promise<Ended> {
    return smartcall(["gateway", ...args], { cwd: mesh.folder, env: mesh.env });
  }

  function call(at: string, agent: string, token: string): Promise<RestReply> {
    return callRest(
      { ...mesh, url: at },
      { path: `/v1/agents/${agent}:invoke`, token, body: asking("Hello") },
    );
  }
});
