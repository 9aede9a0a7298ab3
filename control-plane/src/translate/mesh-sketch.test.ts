// Small meshes for tests.

import type { Route as EnvoyRoute } from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import type { Agent, Mesh, Route } from "../model/mesh.ts";
import type { Instance } from "../source/instance.ts";
import { routesOf, translate } from "./index.ts";

export const origin = { file: "mesh.yaml", line: 1, column: 1 };
export const contract = new Uint8Array([1, 2, 3]);
export const issuer = { name: "smartcall:test", audiences: ["smartcall"], keys: '{"keys":[]}' };

export function mesh(parts: Partial<Mesh>): Mesh {
  const certificate = { certificateChain: "chain", privateKey: "key" };
  return {
    name: "test",
    gateway: { https: { address: "0.0.0.0", port: 8443, certificate }, origin },
    issuers: [issuer],
    agents: [agent("echo")],
    routes: [route("echo")],
    ...parts,
  };
}

export function agent(name: string, instances: readonly Instance[] = []): Agent {
  return { name, instances, origin };
}

export function route(name: string, more: Partial<Route> = {}): Route {
  return {
    name,
    match: { agent: name, headers: {}, claims: {} },
    to: [{ agent: name, weight: 1 }],
    allow: { kind: "callers", scopes: ["agents:invoke"] },
    timeoutMs: 60_000,
    origin,
    ...more,
  };
}

export function tableOf(of: Mesh): readonly EnvoyRoute[] {
  const [described] = translate(of, contract).route;
  return described === undefined ? [] : routesOf(described.message);
}
