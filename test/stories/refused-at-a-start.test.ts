// A version that gateways refuse is on disk when a control plane starts.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { makeWeakIdentity } from "../harness/certificates.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { listAt, textAt, valueAt } from "../harness/json.ts";
import {
  type Mesh,
  type MeshPlace,
  prepareMesh,
  removePlace,
  startMesh,
  startUp,
} from "../harness/mesh.ts";
import { freePorts } from "../harness/ports.ts";
import { processMarked } from "../harness/processes.ts";
import { asking, callRest } from "../harness/rest.ts";
import { smartcall, smartcallBin } from "../harness/smartcall.ts";

const program = /control-plane\/dist\/(bundle\/)?main\.js/;

/** A port, and a certificate, that passes every check and that only Envoy refuses. */
async function makeBad({ folder }: MeshPlace, text: string): Promise<string> {
  const [port = 0] = await freePorts(1);
  const weak = await makeWeakIdentity("localhost", ["localhost"]);
  writeFileSync(join(folder, "weak.pem"), weak.cert);
  writeFileSync(join(folder, "weak-key.pem"), weak.key);
  return text.replace(
    /https: \{ port: \d+(.*) \}/,
    [
      "https:",
      `    port: ${port}$1`,
      "    certificate: { cert: { file: weak.pem }, key: { file: weak-key.pem } }",
    ].join("\n"),
  );
}

describe("a file that gateways refuse, when a control plane starts", function () {
  this.timeout(180_000);
  let mesh: Mesh;
  let up: Child;
  let good = "";
  let bad = "";
  let served = "";

  const page = async (path: string): Promise<unknown> =>
    (await fetch(`${mesh.admin}${path}`)).json();
  const save = (text: string): void => {
    writeFileSync(join(mesh.folder, "next"), text);
    renameSync(join(mesh.folder, "next"), mesh.meshFile);
  };
  const call = async (url = mesh.url): Promise<number> => {
    const token = await mesh.token();
    const order = { path: "/v1/agents/echo:invoke", token, body: asking("Hi") };
    return (await callRest({ ...mesh, url }, order)).status;
  };
  /** The last good mesh is served, and the file is said to be refused, with its place. */
  const expectLastGood = async (): Promise<void> => {
    const standing = await page("/mesh");
    expect(textAt(standing, "served", "hash")).to.equal(served);
    const problems = listAt(standing, "refused", "problems").join();
    expect(problems)
      .to.match(/mesh\.yaml:\d+:\d+ error SC801/)
      .and.to.contain("edge-certificate");
    const kept = readFileSync(join(mesh.stateFolder, "last-good", "mesh.json"), "utf8");
    expect(kept).to.not.contain("weak.pem");
    expect(await call()).to.equal(200);
    const nodes = await smartcall(["nodes"], { cwd: mesh.folder, env: mesh.env });
    expect(nodes.output).to.contain("mesh.yaml as it stands is refused").and.to.contain("SYNCED");
    expect(nodes.output).to.not.contain("NACKED");
  };
  const kill = async (): Promise<void> => {
    const before = processMarked(mesh.mark, program);
    process.kill(before, "SIGKILL");
    await eventually(() => expect(processMarked(mesh.mark, program)).to.not.equal(before));
    await eventually(async () =>
      expect((await fetch(`${mesh.admin}/readyz`)).status).to.equal(200),
    );
  };
  const audit = (): readonly string[] =>
    readFileSync(join(mesh.stateFolder, "audit.jsonl"), "utf8").trimEnd().split("\n");

  before(async () => {
    mesh = await startMesh();
    up = mesh.up;
    good = readFileSync(mesh.meshFile, "utf8");
    bad = await makeBad(mesh, good);
    expect(bad).to.not.equal(good);
    served = textAt(await page("/mesh"), "served", "hash");
  });
  after(async () => {
    await endGroup(up);
    await mesh.stop();
  });

  it("is refused by every start until it is saved again, once it was refused", async () => {
    save(bad);
    await mesh.up.says("SC801");
    await eventually(expectLastGood);
    const before = audit().length;
    await kill();
    await eventually(expectLastGood);
    // As long as gateways need to come back and to be asked.
    await pause(3_000);
    await expectLastGood();
    // It is known to be refused, so no gateway is asked again.
    expect(audit().slice(before)).to.deep.equal([]);
  });

  it("is asked about again by a save and by an apply", async () => {
    const before = mesh.up.output().length;
    const again = bad.concat("# once more\n");
    save(again);
    await eventually(() => expect(mesh.up.output().slice(before)).to.contain("SC801"));
    const applied = await smartcall(["apply", mesh.meshFile], { cwd: mesh.folder, env: mesh.env });
    expect(applied.code, applied.output).to.equal(1);
    expect(applied.output).to.match(/staged +edge[\s\S]*SC801/);
    await expectLastGood();
  });

  it("is staged where it was saved while there was no control plane", async () => {
    const pid = processMarked(mesh.mark, program);
    process.kill(pid, "SIGKILL");
    save(bad.concat("# while it was away\n"));
    const before = audit().length;
    await eventually(() => expect(audit().slice(before).join()).to.contain('"refused"'));
    expect(audit().slice(before).join()).to.not.contain('"taken"');
    await eventually(expectLastGood);
  });

  it("does not keep a mesh from starting again: the last good version is served, and why is said", async () => {
    await endGroup(mesh.up);
    up = startUp(mesh);
    await up.says(/Stop +Ctrl-C/, 60_000);
    expect(up.output()).to.contain(mesh.url);
    await up.says("SC801");
    expect(up.output()).to.match(/mesh\.yaml:\d+:\d+ error SC801/);
    await eventually(expectLastGood);
  });

  it("does not keep one more gateway from starting", async () => {
    const [port = 0] = await freePorts(1);
    const command = [smartcallBin, "gateway", "--name", "g3", "--https-port", `${port}`];
    const gateway = startChild(process.execPath, command, { cwd: root, env: mesh.env });
    await gateway.says("The gateway g3 serves", 30_000);
    expect(await call(`https://localhost:${port}`)).to.equal(200);
    await endGroup(gateway);
  });

  it("gives way to one that they take", async () => {
    const before = up.output().length;
    save(good.concat("# good\n"));
    await eventually(() => expect(up.output().slice(before)).to.contain("is taken"));
    expect(valueAt(await page("/mesh"), "refused")).to.equal(undefined);
    await kill();
    expect(valueAt(await page("/mesh"), "refused")).to.equal(undefined);
    expect(await call()).to.equal(200);
  });

  it("that is good is taken by a start like any other change", async () => {
    const pid = processMarked(mesh.mark, program);
    process.kill(pid, "SIGKILL");
    const before = audit().length;
    save(good.concat("# better\n"));
    await eventually(() => expect(audit().slice(before).join()).to.contain('"taken"'));
    expect(JSON.parse(audit().at(-1) ?? "")).to.deep.include({ what: "start", nodes: ["edge"] });
    await eventually(() => {
      const kept = readFileSync(join(mesh.stateFolder, "last-good", "mesh.json"), "utf8");
      expect(kept).to.contain("# better");
    });
  });
});

describe("a file that Envoy refuses, where there is nothing older", function () {
  this.timeout(90_000);

  it("is named by `up` with its line and Envoy's words, and is never the last good one", async () => {
    const place = await prepareMesh();
    try {
      writeFileSync(place.meshFile, await makeBad(place, readFileSync(place.meshFile, "utf8")));
      for (let i = 0; i < 2; i += 1) {
        const startedAt = performance.now();
        const up = startUp(place);
        const { code } = await up.ended;
        expect(code, up.output()).to.equal(1);
        expect(up.output()).to.match(/mesh\.yaml:\d+:\d+ error SC801 The gateway edge refuses/);
        expect(up.output()).to.match(/certificate `edge-certificate`: .*RSA/);
        expect(up.output()).to.not.contain("envoy.log");
        // It ends by what Envoy said, not by a time that is up.
        expect(up.output()).to.not.contain("was not ready within");
        expect(performance.now() - startedAt).to.be.lessThan(60_000);
        const kept = (): string =>
          readFileSync(join(place.stateFolder, "last-good", "mesh.json"), "utf8");
        expect(kept).to.throw("ENOENT");
      }
    } finally {
      removePlace(place);
    }
  });
});
