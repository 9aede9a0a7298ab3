// Instances of one agent come and go under load.
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { listAt, textAt } from "../harness/json.ts";
import { startLoad } from "../harness/load.ts";
import type { Mesh } from "../harness/mesh.ts";
import { expectInTime } from "../harness/promised.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";

describe("a second instance of an agent", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  let second: Child | undefined;
  before(async () => {
    mesh = await sharedMesh();
  });
  afterEach(async () => {
    if (second !== undefined) await endGroup(second);
  });

  it("joins and leaves under load, and no call fails", async () => {
    const load = await startLoad(mesh, 60);
    second = startEcho(mesh);
    await eventually(async () => expect(await echoes(mesh)).to.have.length(2));
    await pause(300);
    process.kill(second.pid, "SIGTERM");
    expect((await second.ended).code).to.equal(0);
    expect(await echoes(mesh)).to.have.length(1);
    const { calls, failures } = await load.stop();
    expect(failures).to.deep.equal([]);
    expect(calls).to.be.greaterThan(20);
  });

  it("that is killed gets no call a second later", async () => {
    second = startEcho(mesh);
    await eventually(async () => expect(await echoes(mesh)).to.have.length(2));
    process.kill(second.pid, "SIGKILL");
    const killedAt = performance.now();
    await eventually(async () => expect(await echoes(mesh)).to.have.length(1));
    expectInTime("until it gets no call", performance.now() - killedAt, 1_000);
    await pause(killedAt + 1_000 - performance.now());
    const load = await startLoad(mesh, 60);
    await pause(500);
    expect((await load.stop()).failures).to.deep.equal([]);
  });
});

function startEcho(mesh: Mesh): Child {
  const program = join(root, "services", "echo", "dist", "echo.js");
  return startChild(process.execPath, [program], { cwd: mesh.folder, env: mesh.env });
}

/** The instances of `echo` that hold a lease. */
async function echoes(mesh: Mesh): Promise<readonly string[]> {
  const page: unknown = await (await fetch(`${mesh.admin}/agents`)).json();
  return listAt(page, "agents")
    .filter((one) => textAt(one, "agent") === "echo" && textAt(one, "lease") === "held")
    .map((one) => textAt(one, "instance"));
}
