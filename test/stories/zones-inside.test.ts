// Agents call those of their own zone first, as gateways do.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { relayFile, relayName } from "../agents/relay.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { asking, callRest } from "../harness/rest.ts";

describe("an agent that says where it is", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  const started: Child[] = [];
  const start = (name: string, zone: string): Child => {
    const program = fileURLToPath(new URL("../agents/relay.js", import.meta.url));
    const file = fileOf(name, zone);
    writeFileSync(file, "");
    const env = { ...mesh.env, [relayName]: name, [relayFile]: file, SMARTCALL_ZONE: zone };
    const child = startChild(process.execPath, [program], { cwd: mesh.folder, env });
    started.push(child);
    return child;
  };
  const fileOf = (name: string, zone: string): string => join(mesh.folder, `${name}-${zone}`);
  const askedIn = (zone: string): number =>
    readFileSync(fileOf("writer", zone), "utf8").split('"asked"').length - 1;
  const ask = async (): Promise<void> => {
    const call = { path: "/v1/agents/asker:invoke", token: await mesh.token() };
    const { status, text } = await callRest(mesh, { ...call, body: asking("writer>hello") });
    expect(status, text).to.equal(200);
  };

  before(async () => {
    mesh = await startMesh({
      services: [],
      listed: ["asker", "writer"],
      said: { asker: "{ calls: [writer] }" },
    });
  });
  after(async () => {
    for (const child of started) await endGroup(child);
    await mesh.stop();
  });

  it("calls instances of its own zone while one is there, and then those of others", async () => {
    const attached = /attached to the mesh/;
    await Promise.all(
      [start("writer", "far"), start("asker", "near")].map((child) => child.says(attached)),
    );
    await eventually(ask);
    const near = start("writer", "near");
    await near.says(attached);
    const before = askedIn("far");
    for (let times = 0; times < 30; times += 1) await ask();
    expect([askedIn("near"), askedIn("far")]).to.deep.equal([30, before]);
    await endGroup(near);
    for (let times = 0; times < 5; times += 1) await ask();
    expect([askedIn("near"), askedIn("far")]).to.deep.equal([30, before + 5]);
  });
});
