// Whether the parts of a starting mesh are ready, asked of each as its users would.

import { request } from "node:http";
import { join, relative } from "node:path";
import type { Edge } from "../edge/edge.ts";
import { edgeTrust, requestTo } from "../edge/reach.ts";
import { type Trust, tlsOptions } from "../remote/trust.ts";
import { ask } from "./ask.ts";

/** The control plane has loaded its state and answers. */
export async function controlPlaneReady(url: string, trust: () => Trust): Promise<boolean> {
  return (await ask(`${url}/readyz`, tlsOptions(trust()))).status === 200;
}

/** The edge answers over TLS with the certificate that the mesh says. */
export async function edgeReady(edge: Edge, authority: string): Promise<boolean> {
  const trust = edgeTrust(edge.certificate, authority);
  return (await ask(edge.url, requestTo({ ...edge, trust }, "/healthz"))).status === 200;
}

/** The edge has at least one healthy instance of the agent to send calls to. */
export async function agentReady(envoyAdmin: string, agent: string): Promise<boolean> {
  const { status, body } = await ask(`http://${envoyAdmin}/clusters`);
  return status === 200 && hasHealthyHost(body, agent);
}

/** Reads the text of Envoy's page `/clusters`. */
export function hasHealthyHost(page: string, cluster: string): boolean {
  return page
    .split("\n")
    .some((line) => line.startsWith(`${cluster}::`) && line.endsWith("::health_flags::healthy"));
}

/** Whether the realtime service of the gateway in the folder listens. */
export function realtimeReady(folder: string): Promise<boolean> {
  const socket = join(folder, "realtime.sock");
  // By a path from here, since one from the root may be too long for a socket.
  const path = [socket, relative(process.cwd(), socket)].sort((a, b) => a.length - b.length)[0];
  return new Promise((resolve) => {
    const asked = request({ socketPath: path, path: "/healthz" }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.once("error", () => resolve(false));
    asked.end();
  });
}
