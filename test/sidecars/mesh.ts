// A gateway and sidecars, all real Envoys, fed by our own xDS server with a mesh.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import type { Agent, Mesh, Route, Trust } from "@smartcall/control-plane/dist/model/mesh.js";
import { snapshotOf } from "@smartcall/control-plane/dist/snapshot/snapshot-of.js";
import type { Instance } from "@smartcall/control-plane/dist/source/instance.js";
import {
  type Authority,
  audience,
  createMeshCertificates,
  edgeCertificate,
  issuerOf,
  loadSigningKeys,
  mintToken,
  type Outcome,
  openAuthority,
  openDirectoryState,
  publicKeySet,
} from "@smartcall/control-plane/dist/state/index.js";
import { sidecarsOf, translate } from "@smartcall/control-plane/dist/translate/index.js";
import {
  createNodeViews,
  createXdsServer,
  xdsServerOptions,
} from "@smartcall/control-plane/dist/xds/index.js";
import { edgeBootstrap, envoyArguments, findEnvoy } from "@smartcall/envoy";
import { descriptorSet } from "@smartcall/protos";
import { systemClock } from "@smartcall/runtime";
import { root } from "../checks/repository.ts";
import { endGroup, startChild } from "../harness/child.ts";
import { envoyStat } from "../harness/envoy-stats.ts";
import { eventually } from "../harness/eventually.ts";
import { freePorts } from "../harness/ports.ts";
import { callRest } from "../harness/rest.ts";
import { startSidecar, type TestSidecar } from "./sidecar.ts";

/** Its parts that a test may change. */
export interface Described {
  readonly agents: readonly Omit<Agent, "origin" | "instances">[];
  readonly routes?: readonly (Pick<Route, "name"> & Partial<Route>)[];
  readonly budgets?: Mesh["budgets"];
  readonly quota?: Mesh["quota"];
}

/** A running mesh. */
export interface SidecarMesh {
  readonly url: string;
  readonly port: number;
  readonly ca: string;
  readonly authority: Authority;
  /** The sidecar of an agent's one instance. */
  sidecar(agent: string): TestSidecar;
  /** For a minute, which begins now or was some time ago. */
  token(options?: {
    readonly subject?: string;
    readonly agoMs?: number;
    readonly claims?: Readonly<Record<string, unknown>>;
  }): string;
  /** Serves another mesh, and waits until every Envoy has it. */
  change(described: Described): Promise<void>;
  /** What Envoys refused, in their words. */
  readonly refused: readonly string[];
  /** How many certificates were made. */
  issued(): number;
  /** A counter of the gateway's. */
  stat(name: string): Promise<number>;
  stop(): Promise<void>;
}

const mesh = "trees";
const origin = { file: "mesh.yaml", line: 1, column: 1 };

/**
 * Starts it, with one instance of each agent.
 *
 * @param lifetimeMs of certificates of gateways and sidecars
 */
export async function startSidecarMesh(
  described: Described,
  { lifetimeMs }: { readonly lifetimeMs?: number } = {},
): Promise<SidecarMesh> {
  const folder = await mkdtemp(join(tmpdir(), "smartcall-sidecars-"));
  const report = (problem: { readonly message: string }): never => {
    throw new Error(problem.message);
  };
  const now = new Date();
  const state = got(await openDirectoryState(folder));
  const authority = got(await openAuthority(state, { mesh, now, report }));
  const certificate = got(
    await edgeCertificate(state, authority, { hostname: "localhost", now, report }),
  );
  const keys = got(await loadSigningKeys(state, { now, report }));
  const [port = 0, admin = 0] = await freePorts(2);

  const refused: string[] = [];
  const trusts = new Map<string, Trust>();
  let issued = 0;
  const certificates = createMeshCertificates({
    authority,
    clock: systemClock,
    ...(lifetimeMs !== undefined && { lifetimeMs }),
    changed(owner) {
      issued += 1;
      const identity = certificates.of(owner);
      if (identity === undefined) throw new Error(`no certificate for ${owner}`);
      const { certificate: certificateChain, privateKey } = identity;
      trusts.set(owner, {
        domain: authority.domain,
        authorities: authority.certificate,
        certificate: { certificateChain, privateKey },
      });
      if (owner === "gateway") publish();
      return owner === "gateway" || xds.renewed(owner);
    },
    failed: (_, error) => {
      throw error;
    },
  });
  const trust = (owner: string): Trust | undefined =>
    certificates.of(owner) === undefined ? undefined : trusts.get(owner);
  const server = new Server(xdsServerOptions);
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
  const xds = createXdsServer({
    server,
    joinedBy: () => ({ ok: true, proof: { kind: "owner" } }),
    viewFor: createNodeViews(trust),
    log: silent,
    observe: (event) => {
      if (event.kind === "nacked") refused.push(JSON.stringify(event));
    },
  });
  let present = described;
  const sidecars = new Map<string, TestSidecar>();
  const publish = (): number => {
    const of: Mesh = {
      name: mesh,
      gateway: { https: { address: "127.0.0.1", port, certificate }, origin },
      issuers: [{ name: issuerOf(mesh), audiences: [audience], keys: publicKeySet(keys) }],
      trust: trust("gateway"),
      budgets: present.budgets,
      quota: present.quota,
      agents: present.agents.map((agent) => ({
        ...agent,
        instances: instancesOf(sidecars.get(agent.name)),
        origin,
      })),
      routes: (present.routes ?? present.agents.map(({ name }) => ({ name }))).map((route) => ({
        match: { agent: route.name, headers: {}, claims: {} },
        to: [{ agent: route.name, weight: 1 }],
        allow: { kind: "callers", scopes: ["agents:invoke"] },
        timeoutMs: 60_000,
        origin,
        ...route,
      })),
    };
    const snapshot = { ...snapshotOf(translate(of, descriptorSet())), sidecars: sidecarsOf(of) };
    const published = xds.publish(snapshot, "test");
    if (!published.ok) throw new Error(JSON.stringify(published));
    return published.generation;
  };
  trust("gateway");
  await eventually(() => {
    if (trusts.size === 0) throw new Error("no certificate yet");
  });
  const xdsPort = await listen(server);
  const controlPlane = { host: "127.0.0.1", port: xdsPort };
  for (const { name } of described.agents) {
    sidecars.set(name, await startSidecar(name, controlPlane));
  }
  publish();

  const { ENVOY_BIN: envoyBin, PATH: path } = process.env;
  const found = await findEnvoy({ envoyBin, path, root });
  if (!found.ok) throw new Error(found.problem);
  const bootstrap = join(folder, "bootstrap.json");
  await writeFile(
    bootstrap,
    edgeBootstrap({
      nodeId: "edge-test",
      controlPlane,
      joinToken: "join",
      admin: { host: "127.0.0.1", port: admin },
    }),
  );
  const envoy = startChild(found.binary.path, envoyArguments(bootstrap, 600), {
    cwd: folder,
    env: {},
  });
  const running: SidecarMesh = {
    url: `https://localhost:${port}`,
    port,
    ca: authority.certificate,
    authority,
    sidecar(agent) {
      const sidecar = sidecars.get(agent);
      if (sidecar === undefined) throw new Error(`no sidecar of ${agent}`);
      return sidecar;
    },
    token: ({ agoMs = 0, claims = {}, subject = "me" } = {}) => {
      const request = { mesh, subject, scopes: ["agents:invoke"], claims, lifetimeMs: 60_000 };
      return got(mintToken(keys, request, new Date(Date.now() - agoMs))).token;
    },
    async change(next) {
      present = next;
      await xds.acked(publish(), 10_000);
    },
    refused,
    issued: () => issued,
    stat: (name) => envoyStat({ envoyAdmin: `http://127.0.0.1:${admin}` }, name),
    async stop() {
      await endGroup(envoy);
      await Promise.all([...sidecars.values()].map((each) => each.stop()));
      certificates.close();
      xds.close();
      server.forceShutdown();
      await rm(folder, { recursive: true });
    },
  };
  const answers = async (): Promise<void> => {
    const { status } = await callRest(running, { method: "GET", path: "/healthz" });
    if (status !== 200) throw new Error(`/healthz answered ${status}: ${envoy.output()}`);
    for (const sidecar of sidecars.values()) {
      const listeners = await sidecar.admin("/listeners");
      if (!listeners.includes("inbound::")) throw new Error(`${listeners} ${sidecar.output()}`);
    }
  };
  await eventually(answers, { withinMs: 60_000 });
  return running;
}

function instancesOf(sidecar: TestSidecar | undefined): readonly Instance[] {
  if (sidecar === undefined) return [];
  const address = { kind: "ip", host: "127.0.0.1", port: sidecar.port } as const;
  return [{ id: "one", address, healthy: true, zone: "", version: "", reach: "sidecar" }];
}

function got<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
