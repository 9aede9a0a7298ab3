// An agent whose sidecar was given a port that another process has.
import { createServer, type Server } from "node:net";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { listAt, textAt } from "../harness/json.ts";
import type { Mesh } from "../harness/mesh.ts";
import { freePorts } from "../harness/ports.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";

describe("an agent whose sidecar cannot have its port", function () {
  this.timeout(90_000);
  let mesh: Mesh;
  let taker: Server | undefined;
  let agent: Child | undefined;
  before(async () => {
    mesh = await sharedMesh();
  });
  afterEach(async () => {
    taker?.close();
    if (agent !== undefined) await endGroup(agent);
  });

  it("gets no calls, says what to do, and joins once the port is free", async () => {
    const [port = 0] = await freePorts(1);
    const server = createServer();
    taker = server;
    await new Promise<void>((resolve) => server.listen(port, "0.0.0.0", resolve));
    const program = join(root, "services", "echo", "dist", "echo.js");
    agent = startChild(process.execPath, [program], {
      cwd: mesh.folder,
      env: { ...mesh.env, SMARTCALL_SIDECAR: `127.0.0.1:${port}` },
    });
    await agent.says(new RegExp(`another process listens at ${port}, .*--sidecar`), 30_000);
    expect(await placesOf(mesh)).to.not.include(`127.0.0.1:${port}`);
    taker.close();
    await agent.says(/attached to the mesh/, 30_000);
    await eventually(async () => expect(await placesOf(mesh)).to.include(`127.0.0.1:${port}`));
  });
});

/** Where instances of `echo` are that hold a lease. */
async function placesOf(mesh: Mesh): Promise<readonly string[]> {
  const page: unknown = await (await fetch(`${mesh.admin}/agents`)).json();
  return listAt(page, "agents")
    .filter((one) => textAt(one, "agent") === "echo" && textAt(one, "lease") === "held")
    .map((one) => textAt(one, "address"));
}
