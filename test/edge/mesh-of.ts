// A mesh that has a route of each kind, as the translation takes it.

import type { Issuer } from "@smartcall/control-plane/dist/model/issuer.js";
import type { Agent, Gateway, Mesh, Route } from "@smartcall/control-plane/dist/model/mesh.js";

/** What differs from run to run. */
export interface MeshParts {
  readonly gateway: Gateway;
  readonly issuer: Issuer;
  /** The port of the agent behind all names but `absent` and `gone`. */
  readonly agentPort: number;
  /** The port of the agent `stuck`. */
  readonly stuckPort: number;
  /** Agents beside the usual ones. */
  readonly more?: readonly string[];
}

/** Where everything in it was written. */
export const origin = { file: "mesh.yaml", line: 1, column: 1 };

/**
 * The agents `echo`; `absent`, without an instance; `gone`, whose instance does
 * not listen; `open`, which is public; `quick` and `stuck`, whose calls may take a second;
 * `guarded`, for callers with a claim; `gold`, with a header too, as `hidden`, whose
 * other callers need no token.
 */
export function meshOf(parts: MeshParts): Mesh {
  const names = [
    "absent",
    "echo",
    "gold",
    "guarded",
    "gone",
    "hidden",
    "open",
    "quick",
    "stuck",
    ...(parts.more ?? []),
  ];
  const gold = { headers: { "x-tier": "one" }, claims: { plan: ["gold", "silver"] } };
  return {
    name: "edge-test",
    gateway: parts.gateway,
    issuers: [parts.issuer],
    agents: names
      .sort()
      .map((name) => agent(name, name === "stuck" ? parts.stuckPort : parts.agentPort)),
    routes: [
      route("gold", { match: { agent: "gold", ...gold } }),
      route("guarded", { match: { agent: "guarded", headers: {}, claims: gold.claims } }),
      route("hidden", {
        match: { agent: "hidden", ...gold },
        allow: { kind: "callers", scopes: ["agents:invoke", "agents:hidden"] },
      }),
      route("hidden", { allow: { kind: "public" } }),
      route("open", {
        allow: { kind: "public" },
        to: [
          { agent: "echo", weight: 1 },
          { agent: "open", weight: 3 },
        ],
      }),
      route("quick", { timeoutMs: 1_000 }),
      route("stuck", { timeoutMs: 1_000 }),
      ...["absent", "echo", "gone", ...(parts.more ?? [])].map((name) => route(name)),
    ],
  };
}

function agent(name: string, port: number): Agent {
  const at = { id: "one", healthy: true, zone: "here", version: "1" };
  const address = { kind: "ip" as const, host: "127.0.0.1", port: name === "gone" ? 1 : port };
  return { name, instances: name === "absent" ? [] : [{ ...at, address }], origin };
}

function route(name: string, more: Partial<Route> = {}): Route {
  return {
    name,
    match: { agent: name, headers: {}, claims: {} },
    to: [{ agent: name, weight: 1 }],
    allow: { kind: "callers", scopes: ["agents:invoke"] },
    timeoutMs: 20_000,
    origin,
    ...more,
  };
}
