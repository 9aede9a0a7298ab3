import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fromJsonString } from "@bufbuild/protobuf";
import { BootstrapSchema } from "@smartcall/envoy/api/envoy/config/bootstrap/v3/bootstrap_pb.js";
import { registry } from "@smartcall/envoy/api/registry.js";
import { expect } from "chai";
import { parseMesh } from "../../config/index.ts";
import type { Mesh } from "../../model/mesh.ts";
import {
  edgeVariables,
  nodeVariables,
  offlineMesh,
  renderMesh,
  renderSidecar,
} from "../../render/index.ts";
import type { Instance } from "../../source/instance.ts";
import { publicKeySet } from "../../state/index.ts";
import { encode } from "../../translate/wire/index.ts";
import { findMeshEnvoy } from "../find-mesh-envoy.ts";
import { makeThrowawayKeys } from "../throwaway-keys.ts";
import { checkWithEnvoy } from "../validate/check-with-envoy.ts";
import { tryConfig } from "../validate/try-config.ts";

const text = `mesh: letters
agents:
  planner: { calls: [writer] }
  writer: { calls: [helper], instances: { static: ["10.0.0.5:20000"] } }
  helper: { expose: false }
egress:
  - { name: open-ai, host: api.openai.com, key: { env: OPENAI_API_KEY }, agents: [planner] }
  - { name: other, host: 10.0.0.9, key: { env: OTHER_KEY }, agents: [writer] }
`;

describe("what `smartcall render` prints of sidecars", function () {
  this.timeout(60_000);
  let folder: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-render-"));
  });
  after(() => rm(folder, { recursive: true }));

  it("is what that agent's are given, and nothing of others", () => {
    const { agents, clusters, listeners, secrets } = shown(renderSidecar(mesh(), "planner", {}));
    expect(listeners).to.have.members(["inbound", "calls", "egress"]);
    expect(clusters).to.have.members(["smartcall:agent", "smartcall:egress:open-ai", "writer"]);
    expect(secrets).to.have.members([
      "mesh-authority",
      "mesh-certificate",
      "egress:open-ai",
      "system-authorities",
    ]);
    expect(agents).to.include("spiffe://letters/agent/writer").and.not.include("agent/helper");
  });

  it("holds no secret, and nothing that only a control plane could give", () => {
    const printed = JSON.stringify(renderSidecar(mesh("s3cret"), "planner", {}));
    for (const not of ["s3cret", "BEGIN PRIVATE", "sds_config", '"ads"', "config_discovery"]) {
      expect(printed).to.not.include(not);
    }
    expect(printed).to.include("SMARTCALL_EGRESS_KEY_OPEN_AI");
    for (const variable of Object.values(nodeVariables)) expect(printed).to.include(variable);
  });

  it("is nothing for an agent that the mesh lacks", () => {
    expect(renderSidecar(mesh(), "poet", {})).to.equal(undefined);
  });

  it("is taken by Envoy, for sidecars, and for gateways that meet them", async () => {
    const found = await findMeshEnvoy(process.env["ENVOY_BIN"], folder);
    if (!found.ok) throw new Error(found.problem);
    const { ca, certificate, keys } = await makeThrowawayKeys(join(folder, "state"), "letters");
    const env = {
      [edgeVariables.certificate]: certificate.certificateChain,
      [edgeVariables.key]: certificate.privateKey,
      [edgeVariables.issuerKeys]: publicKeySet(keys),
      [nodeVariables.certificate]: certificate.certificateChain,
      [nodeVariables.key]: certificate.privateKey,
      [nodeVariables.authority]: ca,
      SMARTCALL_EGRESS_KEY_OPEN_AI: "key",
    };
    const { signal } = new AbortController();
    const trial = { envoy: found.binary.path, folder, env, signal };
    const bundle = join(folder, "authorities.pem");
    await writeFile(bundle, ca);
    for (const plain of [
      renderSidecar(mesh(), "planner", { SSL_CERT_FILE: bundle }),
      renderMesh(mesh()),
    ]) {
      const bootstrap = fromJsonString(BootstrapSchema, JSON.stringify(plain), { registry });
      expect(await tryConfig(encode(BootstrapSchema, bootstrap), trial)).to.equal(undefined);
    }
  });

  it("reaches by mTLS an instance whose lease came by its sidecar", () => {
    const address = { kind: "ip", host: "127.0.0.1", port: 20_001 } as const;
    const one: Instance = { id: "a", address, healthy: true, zone: "", version: "" };
    const printed = (reach: Instance["reach"]) =>
      JSON.stringify(
        renderMesh(mesh("", new Map([["helper", [{ ...one, reach }]]]), "helper: {}")),
      );
    expect(printed("sidecar"))
      .to.include("spiffe://letters/agent/helper")
      .and.include(nodeVariables.authority);
    expect(printed(undefined)).to.not.include("spiffe://");
  });

  it("is put through Envoy's checks by `validate --envoy`, where instances are sidecars", async () => {
    const parsed = parseMesh([{ name: "mesh.yaml", text }]);
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
    const found = await findMeshEnvoy(process.env["ENVOY_BIN"], folder);
    if (!found.ok) throw new Error(found.problem);
    const { config } = parsed;
    const { signal } = new AbortController();
    const checked = { ...named, config: { ...config, egress: [] }, pair: undefined };
    expect(await checkWithEnvoy(checked, found.binary.path, signal)).to.deep.equal([]);
  });
});

const named = {
  authorities: new Map<string, string>(),
  clientAuthorities: undefined,
  issuerAuthorities: new Map<string, string>(),
  issuerFiles: new Map<string, string>(),
  egressAuthorities: new Map<string, string>(),
  egressKeys: new Map<string, string>(),
};

function mesh(
  key = "",
  instances: ReadonlyMap<string, readonly Instance[]> = new Map(),
  agents?: string,
): Mesh {
  const own = agents === undefined ? text : `mesh: letters\nagents: { ${agents} }\n`;
  const parsed = parseMesh([{ name: "mesh.yaml", text: own }]);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.diagnostics));
  const egressKeys = new Map(["open-ai", "other"].map((name) => [name, key]));
  return offlineMesh(parsed.config, { ...named, instances, egressKeys });
}

function shown(plain: ReturnType<typeof renderSidecar>) {
  if (plain === undefined) throw new Error("nothing is given");
  const text = JSON.stringify(plain);
  const { staticResources } = fromJsonString(BootstrapSchema, text, { registry });
  const namesOf = (all: readonly { readonly name: string }[] = []) => all.map(({ name }) => name);
  return {
    listeners: namesOf(staticResources?.listeners),
    clusters: namesOf(staticResources?.clusters),
    secrets: namesOf(staticResources?.secrets),
    agents: text,
  };
}
