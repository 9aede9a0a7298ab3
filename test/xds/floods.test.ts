// Floods of the nodes' ports of a whole mesh: gateways connect and calls go on, whoever floods it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { envoyStat } from "../harness/envoy-stats.ts";
import { eventually } from "../harness/eventually.ts";
import { numberAt } from "../harness/json.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { otherAddress } from "../harness/other-address.ts";
import { ownJoinToken } from "../harness/own-join-token.ts";
import { freePorts } from "../harness/ports.ts";
import { strictly } from "../harness/promised.ts";
import { asking, callRest } from "../harness/rest.ts";
import { askAds } from "./ask-ads.ts";

const program = fileURLToPath(new URL("flood.js", import.meta.url));
/** How long a gateway may take to be served, in milliseconds: in the middle, and at worst. */
const servedMs = () =>
  strictly() ? { median: 2_000, worst: 8_000 } : { median: 5_000, worst: 20_000 };

describe("a flood of the nodes' ports", function () {
  this.timeout(120_000);
  let mesh: Mesh;
  let here = "";
  let elsewhere = "";
  let joinToken = "";
  let cuts = 0;
  let flood: Child | undefined;

  before(async () => {
    const [nodes = 0] = await freePorts(1);
    elsewhere = `${otherAddress()}:${nodes}`;
    mesh = await startMesh({ listed: ["flood"], env: { SMARTCALL_NODES: elsewhere } });
    here = mesh.env["SMARTCALL_CONTROL_PLANE"] ?? "";
    joinToken = readFileSync(join(mesh.stateFolder, "join-token"), "utf8").trim();
    cuts = await connections();
  });
  afterEach(async () => {
    if (flood !== undefined) await endGroup(flood);
    flood = undefined;
  });
  after(() => mesh?.stop());

  /** How often the real gateway has connected. */
  const connections = (): Promise<number> =>
    envoyStat(mesh, "cluster.smartcall_control-plane.upstream_cx_total");
  const start = async (kind: string, at: string, ...more: readonly string[]): Promise<Child> => {
    const child = startChild(process.execPath, [program, kind, at, ...more], {
      cwd: mesh.folder,
      env: mesh.env,
    });
    flood = child;
    await child.says('"tried"');
    return child;
  };
  /** What it said last. */
  const last = (child: Child): unknown => {
    const said: unknown = JSON.parse(child.output().trim().split("\n").at(-1) ?? "");
    return said;
  };
  /** Gateways come, one after another, and calls are made meanwhile. */
  const goesOn = async (): Promise<void> => {
    const times: number[] = [];
    const token = await mesh.token();
    for (let each = 0; each < 12; each++) {
      const from = performance.now();
      const gateway = askAds({
        at: here,
        token: joinToken,
        node: { id: `late-${each}`, cluster: "gateway" },
      });
      const path = "/v1/agents/echo:invoke";
      const reply = callRest(mesh, { path, token, body: asking("hello") });
      const told = await gateway.told;
      times.push(performance.now() - from);
      gateway.end();
      expect(told).to.equal("served");
      const { status, text } = await reply;
      expect(status, text).to.equal(200);
      await sleep(300);
    }
    times.sort((one, other) => one - other);
    const { median, worst } = servedMs();
    expect(times[times.length / 2]).to.be.below(median);
    expect(times.at(-1)).to.be.below(worst);
    expect(await connections(), "the gateway's connection was cut").to.equal(cuts);
  };

  it("by silent connections of this machine leaves few of them open, and stops nobody", async () => {
    const child = await start("silent", here);
    await goesOn();
    expect(numberAt(last(child), "tried")).to.be.above(1_000);
    await eventually(() => expect(numberAt(last(child), "tried")).to.be.above(2_400), {
      withinMs: 30_000,
    });
    // Those that it has just turned away count too, until the flood reads their ends.
    expect(numberAt(last(child), "open")).to.be.within(1, 2_048 + 100);
  });

  it("by strangers elsewhere that shake hands and ask nothing leaves few of them open, and stops nobody", async () => {
    const child = await start("idle", elsewhere);
    await goesOn();
    expect(numberAt(last(child), "tried")).to.be.above(500);
    expect(numberAt(last(child), "open")).to.be.within(1, 199);
  });

  it("by one agent's token ends in RESOURCE_EXHAUSTED for it, and stops nobody", async () => {
    const token = await ownJoinToken(mesh.stateFolder, "agent/flood");
    const child = await start("streams", elsewhere, mesh.caFile, token);
    await goesOn();
    const said = last(child);
    expect(numberAt(said, "RESOURCE_EXHAUSTED")).to.be.above(100);
    expect(numberAt(said, "served")).to.be.below(1_001);
    const gateway = askAds({
      at: elsewhere,
      token: await ownJoinToken(mesh.stateFolder, "gateway/g2"),
      ca: mesh.ca,
      node: { id: "g2", cluster: "gateway" },
    });
    expect(await gateway.told).to.equal("served");
    gateway.end();
  });

  it("by tokens that are wrong has few of them read, and stops nobody", async () => {
    const wrong = `${await ownJoinToken(mesh.stateFolder, "agent/flood")}x`;
    const from = performance.now();
    const child = await start("streams", elsewhere, mesh.caFile, wrong);
    await goesOn();
    const said = last(child);
    // 50 at once, then 5 a second: 68 on a machine that does nothing else.
    const seconds = (performance.now() - from) / 1_000;
    expect(numberAt(said, "UNAUTHENTICATED")).to.be.within(50, 50 + 5 * Math.ceil(seconds));
    expect(numberAt(said, "RESOURCE_EXHAUSTED")).to.be.above(300);
    expect(said).to.have.all.keys("tried", "open", "UNAUTHENTICATED", "RESOURCE_EXHAUSTED");
  });
});
