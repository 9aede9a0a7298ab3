import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { equals, fromJsonString } from "@bufbuild/protobuf";
import { envoyArguments } from "@smartcall/envoy";
import {
  type Bootstrap,
  BootstrapSchema,
} from "@smartcall/envoy/api/envoy/config/bootstrap/v3/bootstrap_pb.js";
import { registry } from "@smartcall/envoy/api/registry.js";
import { listIn, parseObject, valueIn } from "@smartcall/runtime";
import { expect } from "chai";
import { parseMesh } from "../../config/index.ts";
import { edgeVariables, offlineMesh, printYaml, renderMesh } from "../../render/index.ts";
import { publicKeySet } from "../../state/index.ts";
import { findMeshEnvoy } from "../find-mesh-envoy.ts";
import { json, type Rig, startRig } from "../remote/rig.test.ts";
import { makeThrowawayKeys } from "../throwaway-keys.ts";
import { runningInstances } from "./running-instances.ts";

describe("what `smartcall render` prints", function () {
  this.timeout(60_000);
  let folder: string;
  let envoy: ChildProcess | undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-render-"));
  });
  afterEach(async () => {
    if (envoy !== undefined) {
      const gone = once(envoy, "close");
      envoy.kill("SIGKILL");
      await gone;
    }
    await rm(folder, { recursive: true });
  });

  it("has the keys of other issuers and the authorities of clients in it, and only the mesh's own outside", () => {
    const text = `mesh: demo
gateway: { clients: { ca: { file: ca.pem } } }
identity: [{ issuer: batch, audiences: [smartcall], keys: { file: keys.json } }]
agents: { echo: {} }
routes: [{ name: jobs, match: { agent: echo }, allow: { certificates: ["*.internal"] } }]
`;
    const parsed = parseMesh([{ name: "mesh.yaml", text }]);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
    const keys = '{"keys":["of batch"]}';
    const printed = JSON.stringify(
      renderMesh(
        offlineMesh(parsed.config, {
          authorities: new Map(),
          clientAuthorities: "PEM of clients",
          issuerFiles: new Map([["batch", keys]]),
        }),
      ),
    );
    expect(printed).to.include(JSON.stringify(keys));
    // For calls, for WebSockets, and for the turns of these.
    expect(printed.split(edgeVariables.issuerKeys)).to.have.length(4);
    expect(printed.split(edgeVariables.key)).to.have.length(2);
    expect(printed).to.include("PEM of clients");
  });

  it("is read back by Envoy as it was, whatever agents, models and claims are called", async () => {
    const text = `mesh: "no"
gateway: { https: { port: ${await freePort()} } }
agents: { on: {}, off: {}, yes: {}, n: {}, y: {}, 1e3: {}, 0x10: {}, "17": {} }
routes:
  - name: on
    match: { agent: on, model: ["null", "1.0"], headers: { x-on: "off" }, claims: { y: ["~", "1_000", "12:30:45"] } }
    to: { yes: 95, n: 5 }
    sticky: subject
  - { name: "1e3", match: { agent: "1e3" }, public: true, timeout: 90s }
`;
    const parsed = parseMesh([{ name: "mesh.yaml", text }]);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
    const plain = renderMesh(offlineMesh(parsed.config, { authorities: new Map() }));
    const file = join(folder, "envoy.yaml");
    const where = join(folder, "admin");
    const address =
      'admin: { address: { socket_address: { address: "127.0.0.1", port_value: 0 } } }';
    await writeFile(file, `${printYaml(plain)}${address}\n`);

    const found = await findMeshEnvoy(process.env["ENVOY_BIN"], folder);
    if (!found.ok) throw new Error(found.problem);
    const keys = await makeThrowawayKeys(join(folder, "state"), "no");
    const args = [...envoyArguments(file, 1), "--admin-address-path", where];
    envoy = spawn(found.binary.path, args, {
      // A listener of it is a socket where Envoy runs.
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      env: {
        [edgeVariables.certificate]: keys.certificate.certificateChain,
        [edgeVariables.key]: keys.certificate.privateKey,
        [edgeVariables.issuerKeys]: publicKeySet(keys.keys),
      },
    });
    const dump = await fetch(`http://${await readSoon(where, envoy)}/config_dump`);
    const [first] = listIn(parseObject(await dump.text()), "configs") ?? [];
    const taken = bootstrapOf(valueIn(first, "bootstrap"));
    const options = { registry, unpackAny: true };
    expect(equals(BootstrapSchema, taken, bootstrapOf(plain), options)).to.equal(true);
  });
});

describe("the instances that `smartcall render` puts in", () => {
  let rig: Rig;

  before(async () => {
    rig = await startRig();
  });
  after(() => rig.close());

  it("are those that the control plane tells of", async () => {
    const one = {
      instance: "a",
      healthy: false,
      version: "1",
      zone: "b",
      lease: "held",
      since: "",
    };
    const address = "127.0.0.1:5000";
    const reach = "sidecar";
    rig.answer = json({ agents: [{ agent: "echo", address, reach, ...one }], listed: [] });
    const running = await runningInstances(rig.settings);
    if (!running.ok) throw new Error(running.end.problems.join());
    expect([...running.value]).to.deep.equal([
      [
        "echo",
        [
          {
            id: "a",
            address: { kind: "ip", host: "127.0.0.1", port: 5000 },
            healthy: false,
            version: "1",
            zone: "b",
            reach,
          },
        ],
      ],
    ]);
  });

  it("are none where no control plane answers, and that is said", async () => {
    const { server: _, ...settings } = rig.settings;
    const running = await runningInstances({ ...settings, server: undefined });
    expect(running.ok ? undefined : running.end.reason).to.equal("notRunning");
  });
});

/** Without what Envoy itself adds or does not show. */
function bootstrapOf(plain: unknown): Bootstrap {
  const bootstrap = fromJsonString(BootstrapSchema, JSON.stringify(plain), { registry });
  delete bootstrap.node;
  delete bootstrap.admin;
  for (const secret of bootstrap.staticResources?.secrets ?? []) {
    secret.type = { case: undefined };
  }
  return bootstrap;
}

async function readSoon(file: string, envoy: ChildProcess): Promise<string> {
  let words = "";
  envoy.stderr?.on("data", (text) => {
    words += String(text);
  });
  while (envoy.exitCode === null) {
    const text = await readFile(file, "utf8").catch(() => "");
    if (text !== "") return text;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`Envoy ended: ${words}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  return typeof address === "object" && address !== null ? address.port : 0;
}
