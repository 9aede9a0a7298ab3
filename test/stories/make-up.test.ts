// `make up`, as the person who types it meets it.
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { programFile } from "@smartcall/control-plane/dist/cli/up/program-file.js";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { type Child, endGroup } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { textAt } from "../harness/json.ts";
import { type Mesh, prepareMesh, removePlace, startMesh, startUp } from "../harness/mesh.ts";
import { meshYaml } from "../harness/mesh-yaml.ts";
import { occupyPort } from "../harness/ports.ts";
import { noneMarked, processesMarked, processMarked } from "../harness/processes.ts";
import { expectInTime } from "../harness/promised.ts";
import { callRest } from "../harness/rest.ts";
import { run, smartcallBin } from "../harness/smartcall.ts";

/** How soon a part is back after it died. */
const backWithinMs = 5_000;

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
    expect(mesh.up.output(), "a token, where no person looks").to.not.include("eyJ");
    const [whole = "", streamed = ""] = lines;
    const answer = await shell(whole);
    expect(answer.code, answer.output).to.equal(0);
    expect(textAt(JSON.parse(answer.output), "message", "content")).to.equal(
      "What is the capital of France?",
    );
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
    expect(again.output).to.match(
      new RegExp(`^The mesh "test" runs at ${mesh.url} \\(process ${mesh.up.pid}\\)`),
    );
  });

  it("is one process for each of its parts, and a sidecar", async () => {
    // One that looks up a version, or has not become what it is to be, ends or does so soon.
    await eventually(() => expect(processesMarked(mesh.mark)).to.have.length(7));
  });

  it("runs each program of its own from one file", () => {
    const ways = ["control-plane", "services/quota", "services/realtime"].map((folder) =>
      programFile(join(root, folder, "dist/main.js")),
    );
    const commands = processesMarked(mesh.mark).map(({ command }) => command);
    for (const way of ways)
      expect(commands.filter((command) => command.endsWith(way))).to.have.length(1);
    if (!process.env["NODE_V8_COVERAGE"])
      expect(ways.every((way) => way.includes("/bundle/"))).to.equal(true);
  });

  it("keeps what it made to its owner", () => {
    expect(statSync(mesh.stateFolder).mode & 0o777).to.equal(0o700);
    expect(statSync(`${mesh.stateFolder}/join-token`).mode & 0o077).to.equal(0);
  });

  for (const [part, command] of [
    ["control plane", /control-plane\/dist\/(bundle\/)?main\.js/],
    ["quota service", /quota\/dist\/(bundle\/)?main\.js/],
    ["agent", /services\/echo|dist\/echo\.js/],
    ["Envoy", /envoy\/edge\.json/],
  ] as const) {
    it(`starts its ${part} again where that dies, and says so`, async () => {
      const before = processMarked(mesh.mark, command);
      const said = mesh.up.output().length;
      const token = await mesh.token();
      process.kill(before, "SIGKILL");
      const killedAt = performance.now();
      await eventually(() => expect(processMarked(mesh.mark, command)).to.not.equal(before));
      await eventually(
        async () => {
          expect((await fetch(`${mesh.admin}/readyz`)).status).to.equal(200);
          const body = { messages: [{ role: "user", content: "Hello" }] };
          const { status } = await callRest(mesh, { path: "/v1/agents/echo:invoke", token, body });
          expect(status).to.equal(200);
        },
        { withinMs: 30_000 },
      );
      expectInTime(`until the ${part} is back`, performance.now() - killedAt, backWithinMs);
      expect(mesh.up.output().slice(said)).to.match(
        /died \(signal SIGKILL\).*: starting it again in 0\.2 s/,
      );
    });
  }
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

  it("names the port of its own that is taken, and starts nothing", async () => {
    const place = await prepareMesh();
    const taken = await occupyPort();
    try {
      const env = { ...place.env, SMARTCALL_ADMIN: `127.0.0.1:${taken.port}` };
      const said = await failed(startUp({ ...place, env }));
      expect(said).to.match(
        new RegExp(`^smartcall: Port ${taken.port}, for the operator's pages, is used by another`),
      );
      await noneMarked(place.mark);
    } finally {
      await taken.close();
      removePlace(place);
    }
  });

  it("tells why an Envoy ends at once, and leaves nothing", async () => {
    const place = await prepareMesh();
    const envoy = join(place.folder, "envoy");
    writeFileSync(envoy, badEnvoy, { mode: 0o755 });
    const said = await failed(startUp({ ...place, env: { ...place.env, ENVOY_BIN: envoy } }));
    expect(said).to.contain("Envoy did not start (exit code 1): cannot bind 0.0.0.0. Its log: ");
    await noneMarked(place.mark);
    removePlace(place);
  });

  it("tells why an agent ends at once, though one of that name answered before", async () => {
    const place = await prepareMesh({ services: [], listed: ["dead"] });
    const agent = join(place.folder, "dead");
    mkdirSync(agent);
    writeFileSync(join(agent, "package.json"), '{ "name": "dead", "main": "dead.cjs" }');
    writeFileSync(join(agent, "dead.cjs"), 'throw new Error("no such model");');
    mkdirSync(place.stateFolder, { mode: 0o700 });
    const instances = [{ ...remembered, agent: "dead", address: `127.0.0.1:${place.port}` }];
    writeFileSync(join(place.stateFolder, "instances.json"), JSON.stringify({ instances }));
    const env = { ...place.env, SMARTCALL_AGENTS: agent };
    const said = await failed(startUp({ ...place, env }));
    expect(said).to.contain("dead did not start (exit code 1): Error: no such model. Its log: ");
    expect(said).not.to.contain("starting it again");
    removePlace(place);
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
      .to.match(/mesh\.yaml:4:1 error SC201 .*routs/)
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

/** An instance of a mesh that was killed. */
const remembered = {
  instance: "gone",
  healthy: true,
  version: "",
  zone: "",
  description: "",
  since: new Date().toISOString(),
};

const badEnvoy = `#!/bin/sh
test "$1" = --version && echo "envoy version: 0/1.40.0/Clean/RELEASE/BoringSSL" && exit
echo '{"level":"critical","msg":"cannot bind 0.0.0.0"}'
exit 1
`;

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
