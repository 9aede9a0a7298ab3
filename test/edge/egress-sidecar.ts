// A real Envoy as the sidecar of an agent, of which it has the egress and nothing else.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { get } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server } from "@grpc/grpc-js";
import type { Egress } from "@smartcall/control-plane/dist/model/egress.js";
import { snapshotOf } from "@smartcall/control-plane/dist/snapshot/snapshot-of.js";
import { joinedByToken } from "@smartcall/control-plane/dist/state/index.js";
import { egressOf } from "@smartcall/control-plane/dist/translate/sidecar/egress.js";
import { egressListener } from "@smartcall/control-plane/dist/translate/sidecar/egress-listener.js";
import { createXdsServer, xdsServerOptions } from "@smartcall/control-plane/dist/xds/index.js";
import {
  findEnvoy,
  instanceSockets,
  type SystemAuthorities,
  sidecarArguments,
  sidecarBootstrap,
  sidecarBootstrapFile,
} from "@smartcall/envoy";
import { root } from "../checks/repository.ts";
import { bindServer } from "../harness/bind-server.ts";
import { endGroup, startChild } from "../harness/child.ts";
import { eventually } from "../harness/eventually.ts";
import { freePorts } from "../harness/ports.ts";
import { origin } from "./mesh-of.ts";

/** A running sidecar. */
export interface EgressSidecar {
  /** Where the agent's programs call hosts. */
  readonly url: string;
  readonly port: number;
  /** Gives it these to call, and waits until Envoy has them. */
  publish(egress: readonly Egress[]): Promise<void>;
  /** What Envoy refused, in its words. */
  readonly refused: readonly string[];
  /** What Envoy wrote: access log and its own. */
  output(): string;
  /** Where its agent reaches the control plane. */
  readonly leaseSocket: string;
  /** How many streams of xDS have begun. */
  streams(): number;
  /** One of Envoy's own pages. */
  page(path: string): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts it; ready when it answers.
 *
 * @param agent whose sidecar it is
 * @param authorities whom its machine believes
 */
export async function startEgressSidecar(
  agent: string,
  egress: readonly Egress[],
  authorities?: SystemAuthorities,
): Promise<EgressSidecar> {
  const folder = await mkdtemp(join(tmpdir(), "smartcall-egress-"));
  const [port = 0, inboundPort = 0] = await freePorts(2);
  const refused: string[] = [];
  let streams = 0;
  const server = new Server(xdsServerOptions);
  const silent = { debug: () => undefined, info: () => undefined, warn: () => undefined };
  const xds = createXdsServer({
    server,
    joinedBy: joinedByToken("join"),
    log: silent,
    viewFor: (_, view) => view,
    observe: (event) => {
      if (event.kind === "opened") streams += 1;
      if (event.kind === "nacked") refused.push(JSON.stringify(event));
    },
  });
  const publish = async (wanted: readonly Egress[]): Promise<void> => {
    const certificate = { certificateChain: "", privateKey: "" };
    const gateway = { https: { address: "127.0.0.1", port, certificate }, origin };
    const snapshot = snapshotOf({
      endpoint: [],
      extension: [],
      listener: [egressListener({ gateway }, port)],
      ...egressOf({ egress: wanted }, agent),
    });
    const published = xds.publish(snapshot, "test");
    if (!published.ok) throw new Error(JSON.stringify(published));
    await xds.acked(published.generation, 10_000);
  };
  await publish(egress);
  const xdsPort = await bindServer(server);

  const { ENVOY_BIN: envoyBin, PATH: path } = process.env;
  const found = await findEnvoy({ envoyBin, path, root });
  if (!found.ok) throw new Error(found.problem);
  await writeFile(
    join(folder, sidecarBootstrapFile),
    sidecarBootstrap({
      agent,
      instance: "one",
      controlPlane: { host: "127.0.0.1", port: xdsPort },
      joinToken: "join",
      inboundPort,
      egressPort: port,
      authorities,
    }),
  );
  const envoy = startChild(found.binary.path, sidecarArguments(agent), { cwd: folder, env: {} });
  const sidecar: EgressSidecar = {
    url: `http://127.0.0.1:${port}`,
    port,
    publish,
    refused,
    output: envoy.output,
    streams: () => streams,
    leaseSocket: join(folder, instanceSockets.lease),
    page: (path) => ask(join(folder, instanceSockets.admin), path),
    stop: async () => {
      await endGroup(envoy);
      xds.close();
      server.forceShutdown();
      await rm(folder, { recursive: true });
    },
  };
  await eventually(
    async () => {
      const { status } = await fetch(sidecar.url).catch(() => ({ status: 0 }));
      if (status !== 403) throw new Error(`the sidecar answered ${status}: ${envoy.output()}`);
    },
    { withinMs: 60_000 },
  );
  return sidecar;
}

/** What a server says that listens on a socket. */
function ask(socketPath: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    get({ socketPath, path }, async (response) => {
      let text = "";
      for await (const chunk of response) text += `${chunk}`;
      resolve(text);
    }).once("error", reject);
  });
}
