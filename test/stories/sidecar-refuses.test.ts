// A sidecar that cannot take what it is given: operators see it, and all others go on.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { relayFile, relayName } from "../agents/relay.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { textAt } from "../harness/json.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { occupyPort } from "../harness/ports.ts";
import { expectInTime } from "../harness/promised.ts";
import { asking, callRest } from "../harness/rest.ts";
import { smartcall } from "../harness/smartcall.ts";

const program = fileURLToPath(new URL("../agents/relay.js", import.meta.url));

describe("a sidecar that refuses its configuration", function () {
  this.timeout(120_000);
  const children: Child[] = [];
  let mesh: Mesh;
  let taken: Awaited<ReturnType<typeof occupyPort>>;

  before(async () => {
    taken = await occupyPort();
    mesh = await startMesh({ services: ["echo"], listed: ["poet", "writer"] });
  });
  after(async () => {
    await Promise.all(children.map((child) => endGroup(child)));
    await mesh?.stop();
    await taken?.close();
  });

  const run = (name: string, ...args: readonly string[]): Child => {
    const own = { [relayName]: name, [relayFile]: join(mesh.folder, "notes") };
    const env = { ...mesh.env, ...own };
    const child = startChild(process.execPath, [program, ...args], { cwd: mesh.folder, env });
    children.push(child);
    return child;
  };
  const answers = async (agent: string): Promise<number> => {
    const path = `/v1/agents/${agent}:invoke`;
    const call = { path, token: await mesh.token(), body: asking("Hello") };
    return (await callRest(mesh, call)).status;
  };

  it("is shown by `smartcall nodes`, and logged by the control plane, in Envoy's words", async () => {
    run("poet", "--sidecar", `127.0.0.1:${taken.port}`);
    const output = await eventually(
      async () => {
        const nodes = await smartcall(["nodes"], { cwd: mesh.folder, env: mesh.env });
        expect(nodes.output).to.match(/^poet\/.*NACKED/m);
        return nodes.output;
      },
      { withinMs: 30_000 },
    );
    expect(output).to.match(/Address already in use/);
    expect(output).to.match(/^edge .*SYNCED/m);
    const log = readFileSync(join(mesh.stateFolder, "logs", "control-plane.log"), "utf8");
    const lines = log.split("\n");
    const refusal = lines.find((line) => line.includes("Address already in use")) ?? "";
    const said: unknown = JSON.parse(refusal);
    expect(textAt(said, "level")).to.equal("warn");
    const stream = `"${textAt(said, "stream")}"`;
    expect(lines.some((line) => line.includes(stream) && line.includes("poet/"))).to.equal(true);
  });

  it("holds up no change, and no other sidecar", async () => {
    run("writer");
    await eventually(async () => expect(await answers("writer")).to.equal(200), {
      withinMs: 30_000,
    });
    expect(await answers("echo")).to.equal(200);
    mesh.save(["{ name: few, match: { agent: echo }, allow: { scopes: [nobody:has] } }"]);
    const before = performance.now();
    await eventually(async () => expect(await answers("echo")).to.equal(403));
    expectInTime("until the save counts", performance.now() - before, 5_000);
    expect(await answers("writer")).to.equal(200);
  });
});
