// Where callers find the edge and whom they trust, as mesh.yaml says it.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { type Identity, makeIdentity } from "../harness/certificates.ts";
import { type Child, endGroup } from "../harness/child.ts";
import { type MeshPlace, prepareMesh, removePlace, startMesh, startUp } from "../harness/mesh.ts";
import { meshYaml } from "../harness/mesh-yaml.ts";
import { freePorts } from "../harness/ports.ts";
import { processesMarked } from "../harness/processes.ts";
import { type Ended, run, smartcall } from "../harness/smartcall.ts";

/** What mesh.yaml says of a certificate of the operator's own, beside it. */
const certificate = { cert: "gateway.pem", key: "gateway-key.pem" };

describe("a mesh whose certificate is the operator's own", function () {
  this.timeout(60_000);
  let place: MeshPlace;
  let up: Child | undefined;
  beforeEach(async () => {
    place = await prepareMesh();
  });
  afterEach(async () => {
    if (up !== undefined) await endGroup(up);
    expect(processesMarked(place.mark)).to.deep.equal([]);
    removePlace(place);
  });

  async function start({ cert, key }: Identity): Promise<Child> {
    writeFileSync(join(place.folder, certificate.cert), cert);
    writeFileSync(join(place.folder, certificate.key), key, { mode: 0o600 });
    writeFileSync(place.meshFile, meshYaml({ ...place.yaml, certificate }));
    up = startUp(place);
    await up.says(/Stop +Ctrl-C/);
    return up;
  }

  it("self-signed, is called by its own name, wherever that name leads", async () => {
    const said = (await start(await makeIdentity("gateway", ["mesh.example"]))).output();
    expect(said).to.contain(`is up at https://mesh.example:${place.port}\n`);
    expect(said).to.contain(`NODE_EXTRA_CA_CERTS=${join(place.folder, certificate.cert)}`);
    await callsWork(place, said);
  });

  it("of an authority that is not in the file, is taken itself, and no more is promised", async () => {
    const authority = await makeIdentity("authority", []);
    const said = (await start(await makeIdentity("gateway", ["localhost"], authority))).output();
    expect(said).to.contain(`is up at https://localhost:${place.port}\n`);
    expect(said).to.contain("Its certificate is your own").and.not.contain("NODE_EXTRA_CA_CERTS");
    await callsWork(place, said);
  });
});

describe("a mesh that moves when mesh.yaml is saved", function () {
  this.timeout(60_000);

  it("says where it is from there on, to people and programs", async () => {
    const mesh = await startMesh();
    try {
      const [port = 0] = await freePorts(1);
      const yaml = { ...mesh.yaml, mesh: "moved", port };
      const before = mesh.up.output().length;
      writeFileSync(mesh.meshFile, meshYaml(yaml));
      const greeting = new RegExp(
        `The mesh "moved" is up at https://localhost:${port}\n[^]*Ctrl-C`,
      );
      await mesh.up.says(greeting);
      await callsWork(mesh, mesh.up.output().slice(before));
      const again = await type(mesh, "up");
      expect(again.code).to.equal(0);
      expect(again.output).to.contain(`The mesh "moved" runs at https://localhost:${port} `);
    } finally {
      await mesh.stop();
    }
  });
});

/** Every curl line that was printed works as it is, and so does `smartcall call`. */
async function callsWork(place: MeshPlace, said: string): Promise<void> {
  const lines = said.split("\n").filter((line) => line.startsWith("curl "));
  expect(lines).to.have.length(2);
  for (const line of lines) {
    const { code, output } = await run("sh", ["-c", line], { cwd: place.folder, env: place.env });
    expect(code, output).to.equal(0);
    expect(output).to.contain("France");
  }
  expect(await type(place, "call", "echo", "Good day")).to.deep.equal({
    code: 0,
    output: "Good day\n",
  });
}

function type({ folder, env }: MeshPlace, ...args: readonly string[]): Promise<Ended> {
  return smartcall(args, { cwd: folder, env });
}
