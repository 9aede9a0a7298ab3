// A real Envoy, fed as the control plane feeds one, for as long as the cases run.

import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type ClientHttp2Session, connect } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, ServerCredentials } from "@grpc/grpc-js";
import { edgeBootstrap } from "@smartcall/envoy";
import { descriptorSet } from "@smartcall/protos";
import { freePort, passingPorts } from "@smartcall/runtime";
import type { MeshConfig } from "../../config/index.ts";
import type { Mesh } from "../../model/mesh.ts";
import { snapshotOf } from "../../snapshot/index.ts";
import type { Origin } from "../../source/origin.ts";
import { joinedByToken, type SigningKeys } from "../../state/index.ts";
import { translate } from "../../translate/index.ts";
import { createXdsServer, xdsServerOptions } from "../../xds/index.ts";
import { type AccessLog, createAccessLog } from "./access-log.ts";
import { type EnvoyProcess, startEnvoy } from "./envoy-process.ts";
import { makeThrowawayMesh } from "./throwaway-mesh.ts";

/** A gateway that is ready for calls. */
export interface Gateway {
  readonly mesh: Mesh;
  readonly keys: SigningKeys;
  readonly session: ClientHttp2Session;
  readonly log: AccessLog;
}

/** The gateway, or why there is none. */
export type GatewayStarted =
  | { readonly ok: true; readonly gateway: Gateway }
  | {
      readonly ok: false;
      readonly problem: string;
      /** What Envoy refused, where it did. */
      readonly at?: Origin | undefined;
    };

const startMs = 15_000;

/**
 * Runs `use` with a gateway that serves the mesh, and leaves nothing of it
 * behind, however `use` ends. `signal` ends the start early.
 */
export async function withGateway<T>(
  config: MeshConfig,
  envoy: string,
  signal: AbortSignal,
  use: (started: GatewayStarted) => Promise<T>,
): Promise<T> {
  const closers: (() => unknown)[] = [];
  try {
    const folder = await mkdtemp(join(tmpdir(), "smartcall-test-"));
    closers.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
    return await use(await start(config, envoy, folder, signal, closers));
  } finally {
    for (const close of closers.reverse()) await close();
  }
}

async function start(
  config: MeshConfig,
  binary: string,
  folder: string,
  signal: AbortSignal,
  closers: (() => unknown)[],
): Promise<GatewayStarted> {
  const port = await freePort(passingPorts, Math.random);
  if (port === undefined) return { ok: false, problem: noPort };
  const { mesh, keys, ca, standIns } = await makeThrowawayMesh(config, folder, port);
  closers.push(() => standIns.stop());

  let refused: GatewayStarted | undefined;
  const joinToken = randomUUID();
  const server = new Server(xdsServerOptions);
  closers.push(() => server.forceShutdown());
  const xds = createXdsServer({
    server,
    joinedBy: joinedByToken(joinToken),
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined },
    observe(event) {
      if (event.kind !== "nacked") return;
      const [suspect] = event.suspects;
      const problem = `Envoy refuses what the mesh describes: ${event.refusal.message}`;
      refused ??= { ok: false, problem, at: suspect?.origin };
    },
  });
  closers.push(() => xds.close());
  const published = xds.publish(snapshotOf(translate(mesh, descriptorSet())), "test");
  if (!published.ok) throw new Error(JSON.stringify(published.problems));

  const log = createAccessLog();
  const bootstrap = join(folder, "bootstrap.json");
  const controlPlane = { host: "127.0.0.1", port: await listen(server) };
  await writeFile(bootstrap, edgeBootstrap({ nodeId: "test", controlPlane, joinToken }), {
    mode: 0o600,
  });
  const envoy = startEnvoy(binary, bootstrap, folder, (text) => log.read(text));
  closers.push(() => envoy.kill());

  const session = await reach({ port, ca, envoy, signal, refused: () => refused });
  if ("ok" in session) return session;
  closers.push(() => session.destroy());
  return { ok: true, gateway: { mesh, keys, session, log } };
}

const noPort =
  "No port of this machine could be listened on for the gateway that the cases run against: end what holds many, or raise the limit of open files.";

interface Awaited {
  readonly port: number;
  readonly ca: string;
  readonly envoy: EnvoyProcess;
  readonly signal: AbortSignal;
  refused(): GatewayStarted | undefined;
}

/** A connection to the gateway, once its own page answers on it. */
async function reach(of: Awaited): Promise<ClientHttp2Session | GatewayStarted> {
  const end = performance.now() + startMs;
  while (!of.signal.aborted) {
    const died = of.envoy.died();
    if (died !== undefined) return { ok: false, problem: `Envoy ended at its start (${died}).` };
    const refused = of.refused();
    if (refused !== undefined) return refused;
    if (performance.now() > end) {
      return { ok: false, problem: `Envoy was not ready within ${startMs / 1000} s.` };
    }
    const session = connect(`https://127.0.0.1:${of.port}`, { ca: of.ca });
    if (await answers(session)) return session;
    session.destroy();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { ok: false, problem: "It was stopped." };
}

function answers(session: ClientHttp2Session): Promise<boolean> {
  return new Promise((resolve) => {
    session.on("error", () => resolve(false));
    session.on("close", () => resolve(false));
    const stream = session.request({ ":path": "/healthz" });
    stream.setTimeout(1_000, () => resolve(false));
    stream.on("error", () => resolve(false));
    stream.on("response", (headers) => resolve(headers[":status"] === 200));
    stream.resume();
  });
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) => {
      if (error === null) resolve(port);
      else reject(error);
    });
  });
}
