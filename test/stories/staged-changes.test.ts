// Changes on their way to two gateways: one tries each first, and what it refuses goes no further.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { makeWeakIdentity } from "../harness/certificates.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { envoyStat } from "../harness/envoy-stats.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { listAt, textAt, valueAt } from "../harness/json.ts";
import { type Load, startLoad } from "../harness/load.ts";
import { type Mesh, startMesh } from "../harness/mesh.ts";
import { freePorts } from "../harness/ports.ts";
import { asking, callRest } from "../harness/rest.ts";
import { smartcall, smartcallBin } from "../harness/smartcall.ts";

describe("a change of mesh.yaml with two gateways", function () {
  this.timeout(120_000);
  let mesh: Mesh;
  let second: Child | undefined;
  let url = "";
  let text = "";
  let loads: readonly Load[] = [];

  before(async () => {
    mesh = await startMesh({ listed: ["vip"] });
    text = readFileSync(mesh.meshFile, "utf8");
    const [port = 0] = await freePorts(1);
    url = `https://localhost:${port}`;
    const command = [smartcallBin, "gateway", "--name", "g2", "--https-port", `${port}`];
    second = startChild(process.execPath, command, { cwd: root, env: mesh.env });
    await second.says("The gateway g2 serves");
  });
  after(async () => {
    if (second !== undefined) await endGroup(second);
    await mesh.stop();
  });
  /** Calls both gateways from here on. */
  const load = async (): Promise<void> => {
    loads = await Promise.all([mesh, { ...mesh, url }].map((each) => startLoad(each, 50)));
  };
  /** No call has failed on either gateway. */
  const expectNoneLost = async (): Promise<void> => {
    for (const { calls, failures } of await Promise.all(loads.map((each) => each.stop()))) {
      expect(failures).to.deep.equal([]);
      expect(calls).to.be.greaterThan(0);
    }
  };
  /** Saves, and waits for what the terminal says about it. */
  const save = async (change: string, says: RegExp): Promise<string> => {
    const before = mesh.up.output().length;
    writeFileSync(mesh.meshFile, change);
    return eventually(() => {
      const said = mesh.up.output().slice(before);
      expect(said).to.match(says);
      return said;
    });
  };
  const page = async (path: string): Promise<unknown> =>
    (await fetch(`${mesh.admin}${path}`)).json();
  const statusOf = async (at: string): Promise<number> => {
    const call = { path: "/v1/agents/vip:invoke", token: await mesh.token(), body: asking("Hi") };
    return (await callRest({ ...mesh, url: at }, call)).status;
  };

  it("that only Envoy can refuse is traced to its line, and goes back on both", async () => {
    await load();
    const lines = text.split("\n");
    const line = lines.findIndex((each) => each.includes("https:")) + 1;
    // An address of no machine (RFC 5737); and a route that would be served if anything were taken.
    const change = text
      .replace(/https: \{/, "https: { address: 192.0.2.1,")
      .concat("routes:\n  - { name: vip, match: { agent: vip }, to: echo }\n");
    const served = textAt(await page("/mesh"), "served", "hash");
    const said = await save(change, /hint:/);
    expect(said).to.match(new RegExp(`mesh\\.yaml:${line}:\\d+ error SC801 `));
    expect(said).to.match(/The gateway edge refuses the listener `edge`: .*192\.0\.2\.1/);
    expect(said).to.match(new RegExp(` ${line} \\| +https: \\{ address: 192\\.0\\.2\\.1`));
    const after = await page("/mesh");
    expect(textAt(after, "served", "hash")).to.equal(served);
    expect(listAt(after, "refused", "problems").join()).to.contain("SC801");
    for (const at of [mesh.url, url]) expect(await statusOf(at)).to.equal(503);
    const kept = readFileSync(join(mesh.stateFolder, "last-good", "mesh.json"), "utf8");
    expect(kept).to.not.contain("192.0.2.1");
    await save(text, /is taken/);
    expect(valueAt(await page("/mesh"), "refused")).to.equal(undefined);
    await expectNoneLost();
  });

  it("with a certificate that only Envoy refuses is traced to the line that names it", async () => {
    await load();
    const weak = await makeWeakIdentity("localhost", ["localhost"]);
    writeFileSync(join(mesh.folder, "weak.pem"), weak.cert);
    writeFileSync(join(mesh.folder, "weak-key.pem"), weak.key);
    const change = text.replace(
      /https: \{ (.*) \}/,
      [
        "https:",
        "    $1",
        "    certificate:",
        "      cert: { file: weak.pem }",
        "      key: { file: weak-key.pem }",
      ].join("\n"),
    );
    const line = change.split("\n").findIndex((each) => each.includes("weak.pem")) + 1;
    const said = await save(change, /hint:/);
    expect(said).to.match(new RegExp(`mesh\\.yaml:${line}:\\d+ error SC801 The gateway edge `));
    expect(said).to.match(/refuses the certificate `edge-certificate`: .*RSA/);
    expect(said).to.not.contain("PRIVATE KEY");
    await save(text, /is taken/);
    await expectNoneLost();
  });

  it("of the port and of the certificate, which only Envoy refuses, leaves both gateways as they were", async () => {
    await load();
    const [port = 0] = await freePorts(1);
    const moved = `https://localhost:${port}`;
    const change = text.replace(
      /https: \{ port: \d+(.*) \}/,
      [
        "https:",
        `    port: ${port}$1`,
        "    certificate: { cert: { file: weak.pem }, key: { file: weak-key.pem } }",
      ].join("\n"),
    );
    expect(change).to.not.equal(text);
    const file = join(mesh.folder, "moved.yaml");
    writeFileSync(file, change);
    const options = { cwd: mesh.folder, env: mesh.env };
    const refused = await smartcall(["apply", file], options);
    expect(refused.code, refused.output).to.equal(1);
    expect(refused.output).to.match(/refuses the certificate `edge-certificate`/);
    expect(refused.output).to.include("Every gateway has what it had before.");
    for (const at of [mesh.url, url]) expect(await statusOf(at)).to.equal(503);
    const open = await statusOf(moved).catch(() => "closed");
    expect(open).to.equal("closed");
    const nodes = JSON.stringify(await page("/nodes"));
    expect(nodes).to.not.include("NACKED").and.not.include("lastError");
    expect(nodes).to.include("SYNCED");
    // Nor is anything left of it that the next change would meet.
    await save(text.concat("# once more\n"), /is taken/);
    await save(text, /is taken/);
    await expectNoneLost();
  });

  it("that is applied and refused leaves the file as it was; a good one replaces it", async () => {
    await load();
    const file = join(mesh.folder, "change.yaml");
    const options = { cwd: mesh.folder, env: mesh.env };
    writeFileSync(file, text.replace(/https: \{/, "https: { address: 192.0.2.1,"));
    const refused = await smartcall(["apply", file], options);
    expect(refused.code, refused.output).to.equal(1);
    expect(refused.output).to.match(/change\.yaml:3:\d+ error SC801 The gateway edge refuses/);
    expect(readFileSync(mesh.meshFile, "utf8")).to.equal(text);
    const better = text.concat("routes:\n  - { name: vip, match: { agent: vip }, to: echo }\n");
    writeFileSync(file, better);
    const taken = await smartcall(["apply", file], options);
    expect(taken.code, taken.output).to.equal(0);
    expect(taken.output).to.match(/staged +edge[\s\S]*taken +by edge, g2[\s\S]*saved/);
    expect(readFileSync(mesh.meshFile, "utf8")).to.equal(better);
    for (const at of [mesh.url, url]) expect(await statusOf(at)).to.equal(200);
    const files = await page("/mesh/files");
    expect(textAt(files, "files", 0, "text")).to.equal(better);
    expect(textAt(files, "hash")).to.equal(textAt(await page("/mesh"), "served", "hash"));
    await expectNoneLost();
  });

  it("that is applied goes its way though whoever applied it stops watching with Ctrl-C", async () => {
    await load();
    const file = join(mesh.folder, "unwatched.yaml");
    const change = text.concat(
      "routes:\n  - { name: vip, match: { agent: vip }, to: echo }\n# more\n",
    );
    writeFileSync(file, change);
    const options = { cwd: mesh.folder, env: mesh.env };
    const apply = startChild(process.execPath, [smartcallBin, "apply", file], options);
    await apply.says("checked");
    process.kill(apply.pid, "SIGINT");
    // It may have been done by then.
    expect((await apply.ended).code, apply.output()).to.be.oneOf([130, 0]);
    await eventually(() => expect(readFileSync(mesh.meshFile, "utf8")).to.equal(change));
    expect(valueAt(await page("/mesh"), "refused")).to.equal(undefined);
    await expectNoneLost();
  });

  it("thirty times under load loses no call, and the last one counts", async () => {
    await load();
    for (let i = 1; i <= 30; i += 1) {
      const to = i % 2 === 0 ? "echo" : "{ echo: 1, vip: 0 }";
      const route = `{ name: vip, match: { agent: vip }, to: ${to}, timeout: ${i}s }`;
      writeFileSync(mesh.meshFile, text.concat(`routes:\n  - ${route}\n`));
      // Some come while the one before is still on its way.
      await pause(i % 3 === 0 ? 400 : 60);
    }
    await eventually(async () => {
      const served = textAt(await page("/mesh/files"), "files", 0, "text");
      expect(served).to.contain("timeout: 30s");
      expect(valueAt(await page("/mesh"), "staged")).to.equal(undefined);
    });
    for (const at of [mesh.url, url]) expect(await statusOf(at)).to.equal(200);
    await expectNoneLost();
  });

  it("of limits loses no call, and no count that it leaves as it is", async () => {
    await load();
    const routes = (ofGold: number): string => `routes:
  - name: vip
    match: { agent: vip }
    to: echo
    limits: [{ requests: 2, per: minute, by: subject }]
  - name: gold
    match: { agent: vip, claims: { plan: [gold] } }
    to: echo
    limits: [{ requests: ${ofGold}, per: second, by: subject }, { requests: ${ofGold}, per: minute, by: route }]
`;
    await save(text.concat(routes(10)), /is taken/);
    // Each gateway counts for itself.
    for (const at of [mesh.url, url]) {
      const found = [await statusOf(at), await statusOf(at), await statusOf(at)];
      expect(found).to.deep.equal([200, 200, 429]);
    }
    for (let ofGold = 11; ofGold <= 20; ofGold++) {
      await save(text.concat(routes(ofGold)), /is taken/);
      for (const at of [mesh.url, url]) expect(await statusOf(at)).to.equal(429);
    }
    await save(text, /is taken/);
    for (const at of [mesh.url, url]) expect(await statusOf(at)).to.equal(503);
    expect(await envoyStat(mesh, "listener_manager.listener_modified")).to.equal(0);
    await expectNoneLost();
  });

  it("leaves a line of who, when, and from what to what", async () => {
    const lines = readFileSync(join(mesh.stateFolder, "audit.jsonl"), "utf8").trimEnd().split("\n");
    const entries: unknown[] = lines.map((line) => JSON.parse(line));
    const short = entries.map((entry) =>
      ["who", "what", "outcome"].map((key) => textAt(entry, key)).join(" "),
    );
    expect(short[0]).to.equal("file start taken");
    expect(short).to.include.members([
      "file save refused",
      "local apply refused",
      "local apply taken",
      "file save taken",
    ]);
    for (const entry of entries) {
      expect(textAt(entry, "at")).to.match(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
      expect(textAt(entry, "after")).to.match(/^[0-9a-f]{64}$/);
    }
  });
});
