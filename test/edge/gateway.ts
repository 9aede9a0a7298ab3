// A real Envoy fed by our own xDS server with a translated mesh, and an agent behind it.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server } from "@grpc/grpc-js";
import type { Mesh } from "@smartcall/control-plane/dist/model/mesh.js";
import { snapshotOf } from "@smartcall/control-plane/dist/snapshot/snapshot-of.js";
import {
  audience,
  edgeCertificate,
  issuerOf,
  joinedByToken,
  loadSigningKeys,
  mintToken,
  type Outcome,
  openAuthority,
  openDirectoryState,
  publicKeySet,
  rotateSigningKey,
} from "@smartcall/control-plane/dist/state/index.js";
import { translate } from "@smartcall/control-plane/dist/translate/index.js";
import { createXdsServer, xdsServerOptions } from "@smartcall/control-plane/dist/xds/index.js";
import { edgeBootstrap, envoyArguments, findEnvoy } from "@smartcall/envoy";
import { descriptorSet } from "@smartcall/protos";
import { root } from "../checks/repository.ts";
import { bindServer } from "../harness/bind-server.ts";
import { endGroup, startChild } from "../harness/child.ts";
import { envoyStat } from "../harness/envoy-stats.ts";
import { eventually } from "../harness/eventually.ts";
import { freePorts } from "../harness/ports.ts";
import { callRest } from "../harness/rest.ts";
import { type MeshParts, meshOf, origin } from "./mesh-of.ts";
import { type ObedientAgent, startObedientAgent } from "./obedient-agent.ts";
import { type StuckAgent, startStuckAgent } from "./stuck-agent.ts";

/** A running gateway. */
export interface TestGateway {
  readonly url: string;
  readonly port: number;
  readonly ca: string;
  /** Envoy's process. */
  readonly pid: number;
  readonly agent: ObedientAgent;
  readonly stuck: StuckAgent;
  /** A token of the mesh; its scope is `agents:invoke` unless given. */
  token(options?: {
    readonly scopes?: readonly string[];
    readonly claims?: Readonly<Record<string, unknown>>;
    readonly subject?: string;
    /** Default: a minute. */
    readonly lifetimeMs?: number;
  }): string;
  /** Publishes the mesh with more agents, and waits until Envoy has it. */
  publish(more: readonly string[]): Promise<void>;
  /** Makes a new signing key and publishes it, and waits until Envoy has it. */
  rotate(algorithm?: "ES256" | "RS256"): Promise<void>;
  /** What Envoy refused, in its words. */
  readonly refused: readonly string[];
  /** What Envoy wrote: access log and its own. */
  output(): string;
  /** A counter or gauge of Envoy's. Throws where it has none of that name. */
  stat(name: string): Promise<number>;
  stop(): Promise<void>;
}

/**
 * Starts it; ready when `/healthz` answers.
 *
 * @param describe any mesh made with these parts
 * @param address where it listens, of IPv4 or IPv6
 * @param zone where it is, if it says so
 */
export async function startGateway(
  describe: (parts: MeshParts) => Mesh = meshOf,
  address = "127.0.0.1",
  zone?: string,
): Promise<TestGateway> {
  const folder = await mkdtemp(join(tmpdir(), "smartcall-edge-"));
  const report = (problem: { readonly message: string }): never => {
    throw new Error(problem.message);
  };
  const now = new Date();
  const state = got(await openDirectoryState(folder));
  const authority = got(await openAuthority(state, { mesh: "edge-test", now, report }));
  const certificate = got(
    await edgeCertificate(state, authority, { hostname: "localhost", now, report }),
  );
  let keys = got(await loadSigningKeys(state, { now, report }));
  const [port = 0, admin = 0] = await freePorts(2);
  const agent = await startObedientAgent();
  const stuck = await startStuckAgent();

  const refused: string[] = [];
  const server = new Server(xdsServerOptions);
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
  const xds = createXdsServer({
    server,
    joinedBy: joinedByToken("join"),
    log: silent,
    observe: (event) => {
      if (event.kind === "nacked") refused.push(JSON.stringify(event));
    },
  });
  const publish = async (more: readonly string[]): Promise<void> => {
    const gateway = { https: { address, port, certificate }, origin };
    const issuer = {
      name: issuerOf("edge-test"),
      audiences: [audience],
      keys: publicKeySet(keys),
    };
    const mesh = describe({ gateway, issuer, agentPort: agent.port, stuckPort: stuck.port, more });
    const snapshot = snapshotOf(translate(mesh, descriptorSet()));
    const published = xds.publish(snapshot, "test");
    if (!published.ok) throw new Error(JSON.stringify(published));
    await xds.acked(published.generation, 5_000);
  };
  await publish([]);
  const xdsPort = await bindServer(server);

  const { ENVOY_BIN: envoyBin, PATH: path } = process.env;
  const found = await findEnvoy({ envoyBin, path, root });
  if (!found.ok) throw new Error(found.problem);
  const bootstrap = join(folder, "bootstrap.json");
  const local = (at: number) => ({ host: "127.0.0.1", port: at });
  await writeFile(
    bootstrap,
    edgeBootstrap({
      nodeId: "edge-test",
      controlPlane: local(xdsPort),
      joinToken: "join",
      admin: local(admin),
      zone,
    }),
  );
  const envoy = startChild(found.binary.path, envoyArguments(bootstrap, 600), {
    cwd: folder,
    env: {},
  });
  const gateway: TestGateway = {
    url: address.includes(":") ? `https://[${address}]:${port}` : `https://localhost:${port}`,
    port,
    ca: authority.certificate,
    pid: envoy.pid,
    agent,
    stuck,
    token: ({
      scopes = ["agents:invoke"],
      claims = {},
      subject = "me",
      lifetimeMs = 60_000,
    } = {}) =>
      got(mintToken(keys, { mesh: "edge-test", subject, scopes, claims, lifetimeMs }, new Date()))
        .token,
    publish,
    rotate: async (algorithm) => {
      keys = got(await rotateSigningKey(state, { now: new Date(), report, algorithm }));
      await publish([]);
    },
    refused,
    output: envoy.output,
    stat: (name) => envoyStat({ envoyAdmin: `http://127.0.0.1:${admin}` }, name),
    stop: async () => {
      await endGroup(envoy);
      xds.close();
      server.forceShutdown();
      agent.stop();
      stuck.stop();
      await rm(folder, { recursive: true });
    },
  };
  const answers = async (): Promise<void> => {
    const { status } = await callRest(gateway, { method: "GET", path: "/healthz" });
    if (status !== 200) throw new Error(`/healthz answered ${status}: ${envoy.output()}`);
  };
  await eventually(answers, { withinMs: 60_000 });
  return gateway;
}

function got<T>(outcome: Outcome<T>): T {
  if (!outcome.ok) throw new Error(outcome.problem.message);
  return outcome.value;
}
