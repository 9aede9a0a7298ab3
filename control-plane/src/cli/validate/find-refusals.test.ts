import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Mesh, Route } from "../../model/mesh.ts";
import { edgeVariables, encodeMesh } from "../../render/index.ts";
import { publicKeySet } from "../../state/index.ts";
import { findMeshEnvoy } from "../find-mesh-envoy.ts";
import { makeThrowawayKeys } from "../throwaway-keys.ts";
import { findRefusals } from "./find-refusals.ts";
import { envoyWords, tryConfig } from "./try-config.ts";

describe("what the real Envoy refuses of a mesh", function () {
  this.timeout(60_000);
  let folder: string;
  let asked = 0;
  let tryMesh: (mesh: Mesh) => Promise<string | undefined>;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "smartcall-refusals-"));
    const found = await findMeshEnvoy(process.env["ENVOY_BIN"], folder);
    if (!found.ok) throw new Error(found.problem);
    const { certificate, keys } = await makeThrowawayKeys(folder, "demo");
    const env = {
      [edgeVariables.certificate]: certificate.certificateChain,
      [edgeVariables.key]: certificate.privateKey,
      [edgeVariables.issuerKeys]: publicKeySet(keys),
    };
    const { signal } = new AbortController();
    const trial = { envoy: found.binary.path, folder, env, signal };
    tryMesh = (mesh) => {
      asked += 1;
      return tryConfig(encodeMesh(mesh), trial);
    };
  });
  beforeEach(() => {
    asked = 0;
  });
  after(() => rm(folder, { recursive: true }));

  it("is nothing where the mesh is good, and is asked once", async () => {
    expect(await findRefusals(mesh({}), tryMesh)).to.deep.equal([]);
    expect(asked).to.equal(1);
  });

  it("is every bad agent and route, each with its line and Envoy's words", async () => {
    const routes = many.map((name, index) =>
      index === 7 || index === 12 ? { ...route(name, index), to: tooHeavy } : route(name, index),
    );
    const agents = many.map((name, index) =>
      index === 3
        ? { ...agent(name, index), tls: { authorities: "none", serverName: "a", names: [] } }
        : agent(name, index),
    );
    const found = await findRefusals(mesh({ agents, routes }), tryMesh);
    expect(found.map(({ at, name, what }) => `${what} ${name} ${at.line}`)).to.deep.equal([
      "agent a3 3",
      "route a7 107",
      "route a12 112",
    ]);
    expect(found[0]?.words).to.match(/Failed to load trusted CA/);
    expect(found[1]?.words).to.include("weight");
  });

  it("is the gateway where it is refused with none of them", async () => {
    const { gateway } = mesh({});
    const bad = mesh({ gateway: { ...gateway, https: { ...gateway.https, address: "nowhere" } } });
    const [only, ...others] = await findRefusals(bad, tryMesh);
    expect(only).to.include({ what: "gateway" });
    expect(only?.words).to.include("nowhere");
    expect(others).to.deep.equal([]);
  });
});

describe("Envoy's words", () => {
  it("are in one line, without what Envoy says around them, and not endless", () => {
    const log = "something else\nerror initializing configuration '/x/envoy.json': It is\n  bad.\n";
    expect(envoyWords(log)).to.equal("It is bad");
    expect(envoyWords("a".repeat(1_000))).to.have.lengthOf(501);
  });
});

const many = Array.from({ length: 20 }, (_, index) => `a${index}`);

/** The sum of a route's weights must fit 32 bits. */
const tooHeavy = ["a0", "a1"].map((agent) => ({ agent, weight: 4_000_000_000 }));

function mesh(parts: Partial<Mesh>): Mesh {
  const certificate = { certificateChain: "", privateKey: "" };
  return {
    name: "demo",
    gateway: { https: { address: "127.0.0.1", port: 8443, certificate }, origin: at(1) },
    issuers: [{ name: "demo", audiences: ["demo"], keys: "" }],
    agents: [agent("a0", 0)],
    routes: [route("a0", 0)],
    ...parts,
  };
}

function agent(name: string, line: number) {
  return { name, instances: [], origin: at(line) };
}

function route(name: string, line: number): Route {
  return {
    name,
    match: { agent: name, headers: {}, claims: {} },
    to: [{ agent: name, weight: 1 }],
    allow: { kind: "callers", scopes: ["agents:invoke"] },
    timeoutMs: 1_000,
    origin: at(line + 100),
  };
}

function at(line: number) {
  return { file: "mesh.yaml", line, column: 1 };
}
