// Saving `mesh.yaml` while callers call.
import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { eventually } from "../harness/eventually.ts";
import { startLoad } from "../harness/load.ts";
import type { Mesh } from "../harness/mesh.ts";
import { expectInTime } from "../harness/promised.ts";
import { asking, callRest } from "../harness/rest.ts";
import { sharedMesh } from "../harness/shared-mesh.ts";

const goldOnly = "{ name: vip, match: { agent: vip, claims: { plan: [gold] } }, to: echo }";
const silverToo =
  "{ name: vip, match: { agent: vip, claims: { plan: [gold, silver] } }, to: echo }";

describe("saving mesh.yaml", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  before(async () => {
    mesh = await sharedMesh();
  });
  after(() => mesh.save([]));

  it("makes a new route live within a second, without a failed call", async () => {
    const gold = await mesh.token({ claims: { plan: "gold" } });
    expect(await statusOf(mesh, gold)).to.equal(503);
    const load = await startLoad(mesh, 50);
    mesh.save([goldOnly]);
    expectLive(await untilStatus(mesh, gold, 200));
    expectGood(await load.stop());
  });

  it("makes a new rule of claims live within a second, without a failed call", async () => {
    const silver = await mesh.token({ claims: { plan: "silver" } });
    expect(await statusOf(mesh, silver)).to.equal(403);
    const load = await startLoad(mesh, 50);
    mesh.save([silverToo]);
    expectLive(await untilStatus(mesh, silver, 200));
    mesh.save([goldOnly]);
    expectLive(await untilStatus(mesh, silver, 403));
    expectGood(await load.stop());
  });

  it("with a mistake changes nothing, and says where and what to do", async () => {
    const gold = await mesh.token({ claims: { plan: "gold" } });
    const load = await startLoad(mesh, 50);
    const before = mesh.up.output().length;
    mesh.save([goldOnly.replace("agent: vip", "agent: vipp")]);
    const said = await eventually(() => {
      const text = mesh.up.output().slice(before);
      expect(text).to.contain("hint:");
      return text;
    });
    const lines = readFileSync(mesh.meshFile, "utf8").split("\n");
    const line = lines.findIndex((text) => text.includes("vipp")) + 1;
    expect(said).to.match(new RegExp(`mesh\\.yaml:${line}:\\d+ error SC\\d{3} `));
    expect(said).to.match(new RegExp(`\n +${line} \\| +- \\{ name: vip, .*\n +\\| +\\^+\n`));
    expect(said).to.match(/hint: .*`?vip`?/);
    expect(await statusOf(mesh, gold)).to.equal(200);
    expectGood(await load.stop());
  });

  it("with half a file changes nothing either", async () => {
    const load = await startLoad(mesh, 50);
    const whole = readFileSync(mesh.meshFile, "utf8");
    const before = mesh.up.output().length;
    writeFileSync(mesh.meshFile, whole.slice(0, whole.indexOf("agents:") + 3));
    await eventually(() => expect(mesh.up.output().slice(before)).to.match(/mesh\.yaml:\d+:\d+/));
    expectGood(await load.stop());
  });

  it("works again once the mistake is mended", async () => {
    const silver = await mesh.token({ claims: { plan: "silver" } });
    mesh.save([silverToo]);
    expectLive(await untilStatus(mesh, silver, 200));
  });
});

async function statusOf(mesh: Mesh, token: string): Promise<number> {
  const call = { path: "/v1/agents/vip:invoke", token, body: asking("Hello") };
  return (await callRest(mesh, call)).status;
}

/** How many milliseconds it takes until calls with the token get that status. */
async function untilStatus(mesh: Mesh, token: string, status: number): Promise<number> {
  const begin = performance.now();
  await eventually(async () => expect(await statusOf(mesh, token)).to.equal(status), {
    everyMs: 10,
  });
  return performance.now() - begin;
}

function expectLive(afterMs: number): void {
  expectInTime("from the save until it is live", afterMs, 1_000);
}

function expectGood(load: { readonly calls: number; readonly failures: readonly string[] }): void {
  expect(load.failures).to.deep.equal([]);
  expect(load.calls).to.be.greaterThan(0);
}
