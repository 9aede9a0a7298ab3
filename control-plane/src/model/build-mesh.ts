// Makes a mesh of what operators wrote, what runs, and the mesh's keys.

import { compareSpecificity, conditionsOf } from "../config/conditions.ts";
import { standardScope, standardTimeoutMs } from "../config/language/route.ts";
import type { MeshConfig, RouteConfig } from "../config/mesh-config.ts";
import type { Instance } from "../source/instance.ts";
import { audience, issuerOf } from "../state/index.ts";
import type { Agent, KeyPair, Mesh, Route } from "./mesh.ts";

/** What a mesh needs besides its config. */
export interface Material {
  /** By agent. Instances of agents that the config does not list are left out. */
  readonly instances: ReadonlyMap<string, readonly Instance[]>;
  /** What the gateways prove themselves with. */
  readonly certificate: KeyPair;
  /** The public keys of the mesh's own issuer: a JSON Web Key Set. */
  readonly issuerKeys: string;
}

/**
 * The mesh: pure, and the same for the same content in whatever order it was written.
 *
 * `config` must have passed every check of `parseMesh`.
 */
export function buildMesh(config: MeshConfig, material: Material): Mesh {
  const { https, at } = config.gateway;
  return {
    name: config.mesh,
    gateway: {
      https: { address: https.address, port: https.port, certificate: material.certificate },
      origin: at,
    },
    issuer: {
      name: issuerOf(config.mesh),
      audiences: [audience],
      keys: material.issuerKeys,
    },
    agents: agentsOf(config, material),
    routes: routesOf(config),
  };
}

function agentsOf(config: MeshConfig, { instances }: Material): readonly Agent[] {
  return [...config.agents]
    .map(([name, { at }]) => ({
      name,
      instances: [...(instances.get(name) ?? [])].sort((a, b) => compare(a.id, b.id)),
      origin: at,
    }))
    .sort((a, b) => compare(a.name, b.name));
}

/** In matching order: by agent, the more specific first, at last by name. */
function routesOf(config: MeshConfig): readonly Route[] {
  const written = config.routes.map(({ value }) => value);
  const named = new Set(written.map(({ match }) => match.agent.value));
  const rules = written
    .map((route) => ({ route: routeOf(route), conditions: conditionsOf(route) }))
    .sort(
      (a, b) =>
        compare(a.conditions.agent, b.conditions.agent) ||
        compareSpecificity(a.conditions, b.conditions) ||
        compare(a.route.name, b.route.name),
    );
  const defaults = [...config.agents]
    .filter(([agent]) => !named.has(agent))
    .map(
      ([agent, { at }]): Route => ({
        // No operator's route can have this name: theirs have no colon.
        name: `default:${agent}`,
        match: { agent, headers: {}, claims: {} },
        to: [{ agent, weight: 1 }],
        allow: { kind: "scopes", scopes: [standardScope] },
        timeoutMs: standardTimeoutMs,
        origin: at,
      }),
    );
  return [...rules.map(({ route }) => route), ...defaults].sort((a, b) =>
    compare(a.match.agent, b.match.agent),
  );
}

function routeOf(route: RouteConfig): Route {
  const { agent, claims, headers } = conditionsOf(route);
  const to = [...(route.to ?? new Map([[agent, { value: 1 }]]))];
  const scopes = route.allow?.scopes ?? [standardScope];
  return {
    name: route.name,
    match: {
      agent,
      headers: Object.fromEntries(sorted(headers)),
      claims: Object.fromEntries(sorted(claims)),
    },
    to: to
      .map(([name, { value }]) => ({ agent: name, weight: value }))
      .sort((a, b) => compare(a.agent, b.agent)),
    allow: route.public?.value === true ? { kind: "public" } : { kind: "scopes", scopes },
    timeoutMs: route.timeout,
    origin: route.at,
  };
}

function sorted<T>(map: ReadonlyMap<string, T>): [string, T][] {
  return [...map].sort(([a], [b]) => compare(a, b));
}

/** By UTF-16 code units, so that no machine's language changes the order. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
