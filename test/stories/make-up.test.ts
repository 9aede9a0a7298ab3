// `make up`, as the person who types it meets it.
import { rmSync, statSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { type Child, endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { textAt } from "../harness/json.ts";
import { type Mesh, prepareMesh, removePlace, startMesh, startUp } from "../harness/mesh.ts";
import { meshYaml } from "../harness/mesh-yaml.ts";
import { occupyPort } from "../harness/ports.ts";
import { processesMarked, processMarked } from "../harness/processes.ts";
import { callRest } from "../harness/rest.ts";
import { run, smartcallBin } from "../harness/smartcall.ts";

describe("a mesh that is up", function () {
  this.timeout(60_000);
  let mesh: Mesh;
  before(async () => {
    mesh = await startMesh();
  });
  after(() => mesh.stop());

  it("prints curl lines that work as they are", async () => {
    const lines = mesh.up
      .output()
      .split("\n")
      .filter((line) => line.startsWith("curl "));
    expect(lines).to.have.length(2);
    const [whole = "", streamed = ""] = lines;
    const answer = await shell(whole);
    expect(answer.code, answer.output).to.equal(0);
    expect(textAt(JSON.parse(answer.output), "message", "content")).to.contain("France");
    const events = await shell(streamed);
    expect(events.code).to.equal(0);
    expect(events.output)
      .to.match(/^data: \{.*"delta"/)
      .and.match(/"done":\{"finishReason":"stop"/);
  });

  it("prints how each kind of client trusts its certificates, and the lines are true", async () => {
    const said = mesh.up.output();
    for (const line of [
      `curl --cacert ${mesh.caFile}`,
      `NODE_EXTRA_CA_CERTS=${mesh.caFile}`,
      `SSL_CERT_FILE=${mesh.caFile}`,
    ]) {
      expect(said).to.contain(line);
    }
    const health = `${mesh.url}/healthz`;
    const node = `fetch("${health}").then((r) => process.exit(r.status === 200 ? 0 : 1))`;
    const inNode = await shell(`NODE_EXTRA_CA_CERTS=${mesh.caFile} node -e '${node}'`);
    expect(inNode.code, inNode.output).to.equal(0);
    const python = `import urllib.request; print(urllib.request.urlopen("${health}").status)`;
    const inPython = await shell(`SSL_CERT_FILE=${mesh.caFile} python3 -c '${python}'`);
    expect(inPython.output.trim()).to.equal("200");
  });

  it("says so where it is started again, and that is no failure", async () => {
    const again = await run(process.execPath, [smartcallBin, "up"], { cwd: root, env: mesh.env });
    expect(again.code).to.equal(0);
    expect(again.output).to.contain(mesh.url).and.to.contain(String(mesh.up.pid));
  });

  it("keeps what it made to its owner", () => {
    expect(statSync(mesh.stateFolder).mode & 0o777).to.equal(0o700);
    expect(statSync(`${mesh.stateFolder}/join-token`).mode & 0o077).to.equal(0);
  });

  for (const [part, command] of [
    ["agent", /services\/echo|dist\/echo\.js/],
    ["Envoy", /--use-dynamic-base-id/],
  ] as const) {
    it(`starts its ${part} again where that dies, and says so`, async () => {
      const before = processMarked(mesh.mark, command);
      const said = mesh.up.output().length;
      process.kill(before, "SIGKILL");
      const token = await mesh.token();
      await eventually(async () => {
        expect(processMarked(mesh.mark, command)).to.not.equal(before);
        const body = { messages: [{ role: "user", content: "Hello" }] };
        const { status } = await callRest(mesh, { path: "/v1/agents/echo:invoke", token, body });
        expect(status).to.equal(200);
      });
      expect(mesh.up.output().slice(said)).to.match(/died \(signal SIGKILL\).*starting it again/);
    });
  }
});

describe("the end of a mesh", function () {
  this.timeout(60_000);

  for (const signal of ["SIGINT", "SIGHUP"] as const) {
    it(`by ${signal} leaves no process behind, and its ports free`, async () => {
      const mesh = await startMesh();
      process.kill(mesh.up.pid, signal);
      expect((await mesh.up.ended).code).to.equal(0);
      expect(processesMarked(mesh.mark)).to.deep.equal([]);
      await mesh.stop();
    });
  }

  it("by kill -9 leaves no process behind either", async () => {
    const mesh = await startMesh();
    process.kill(mesh.up.pid, "SIGKILL");
    await eventually(() => expect(processesMarked(mesh.mark)).to.deep.equal([]), {
      withinMs: 15_000,
    });
    await mesh.stop();
  });

  it("by the death of the process that started it leaves no process behind", async () => {
    const place = await prepareMesh();
    const program = `const { spawn } = require("node:child_process");
      spawn(process.execPath, [${JSON.stringify(smartcallBin)}, "up"], { stdio: "inherit" });
      setInterval(() => {}, 1000);`;
    const parent = startChild(process.execPath, ["-e", program], { cwd: root, env: place.env });
    await parent.says(/Stop +Ctrl-C/);
    process.kill(parent.pid, "SIGKILL");
    await eventually(() => expect(processesMarked(place.mark)).to.deep.equal([]), {
      withinMs: 15_000,
    });
    removePlace(place);
  });
});

describe("a mesh that cannot start", function () {
  this.timeout(60_000);

  it("names the port that is taken, who has it, and what to do", async () => {
    const place = await prepareMesh();
    const taken = await occupyPort();
    try {
      writeFileSync(place.meshFile, meshYaml({ port: taken.port, agents: ["echo"] }));
      const said = await failed(startUp(place));
      expect(said).to.contain(String(taken.port)).and.to.contain(String(process.pid));
      expect(said).to.match(/gateway\.https\.port/);
    } finally {
      await taken.close();
      removePlace(place);
    }
  });

  it("names an Envoy that does not start", async () => {
    const place = await prepareMesh();
    const env = { ...place.env, ENVOY_BIN: "/bin/false" };
    const said = await failed(startUp({ ...place, env }));
    expect(said).to.contain("ENVOY_BIN").and.to.contain("/bin/false");
    removePlace(place);
  });

  it("shows the mistake in mesh.yaml", async () => {
    const place = await prepareMesh();
    writeFileSync(place.meshFile, "mesh: test\nagents:\n  echo: {}\nrouts: []\n");
    const said = await failed(startUp(place));
    expect(said)
      .to.match(/mesh\.yaml:4:1 error SC\d{3} /)
      .and.to.contain("hint:");
    removePlace(place);
  });

  it("names a mesh.yaml that is not there", async () => {
    const place = await prepareMesh();
    rmSync(place.meshFile);
    expect(await failed(startUp(place))).to.contain(place.meshFile);
    removePlace(place);
  });
});

/** What a start says that must fail, leaving nothing behind. */
async function failed(up: Child): Promise<string> {
  const { code } = await up.ended;
  await endGroup(up);
  expect(code, up.output()).to.equal(1);
  return up.output();
}

function shell(line: string): Promise<{ readonly code: number | null; readonly output: string }> {
  return run("sh", ["-c", line], { cwd: root, env: process.env });
}
