// Makes a mesh of what operators wrote, what runs, and the mesh's keys.

import { compareSpecificity, conditionsOf } from "../config/conditions.ts";
import { standardScope } from "../config/language/allow.ts";
import { standardTimeoutMs } from "../config/language/route.ts";
import type {
  AgentConfig,
  InstancesConfig,
  MeshConfig,
  RouteConfig,
} from "../config/mesh-config.ts";
import type { Instance, InstanceAddress } from "../source/instance.ts";
import { gatewayOf, issuersOf } from "./build-gateway.ts";
import { allowOf, budgetsOf, budgetUseOf, limitsOf, pricesOf } from "./build-policies.ts";
import type { Denied, Issuer } from "./issuer.ts";
import type { Agent, CertificateName, KeyPair, Mesh, Route, UpstreamTls } from "./mesh.ts";

/** What a mesh needs besides its config. */
export interface Material {
  /**
   * By agent, from leases and DNS. Left out are those of agents that the config
   * does not list, or whose addresses it lists itself.
   */
  readonly instances: ReadonlyMap<string, readonly Instance[]>;
  /** What the gateways prove themselves with. */
  readonly certificate: KeyPair;
  /** PEM, for each agent whose instances prove themselves. */
  readonly authorities?: ReadonlyMap<string, string>;
  /** The public keys of the mesh's own issuer: a JSON Web Key Set. */
  readonly issuerKeys: string;
  /** Those of the other issuers whose keys are at a URL, if they were fetched yet. */
  readonly issuers?: readonly Issuer[];
  /** The key sets of the other issuers that are in files, by the issuer's name. */
  readonly issuerFiles?: ReadonlyMap<string, string>;
  /** PEM, where the gateways ask for certificates. */
  readonly clientAuthorities?: string | undefined;
  /** What was revoked. */
  readonly denied?: Denied;
  /** Where the quota service listens. */
  readonly quota?: readonly InstanceAddress[];
}

/**
 * The mesh: pure, and the same for the same content in whatever order it was written.
 *
 * `config` must have passed every check of `parseMesh`.
 */
export function buildMesh(config: MeshConfig, material: Material): Mesh {
  const budgets = budgetsOf(config);
  const prices = pricesOf(config);
  return {
    name: config.mesh,
    gateway: gatewayOf(config, material),
    issuers: issuersOf(config, material),
    ...(material.denied && { denied: material.denied }),
    ...(budgets.length > 0 && { budgets }),
    ...(prices.length > 0 && { prices }),
    ...(material.quota && { quota: material.quota }),
    agents: agentsOf(config, material),
    routes: routesOf(config),
  };
}

function agentsOf(config: MeshConfig, material: Material): readonly Agent[] {
  return [...config.agents]
    .map(([name, { at, value }]): Agent => {
      const instances = [...instancesOf(name, value, material)];
      const agent = {
        name,
        instances: instances.sort((a, b) => compare(a.id, b.id)),
        origin: at,
      };
      const tls = tlsOf(name, value.instances, material);
      return tls === undefined ? agent : { ...agent, tls };
    })
    .sort((a, b) => compare(a.name, b.name));
}

function instancesOf(
  name: string,
  { instances }: AgentConfig,
  material: Material,
): readonly Instance[] {
  return (
    instances?.static?.map(({ value: { address, text } }) => ({
      id: text,
      address,
      // Nobody says how they are; a call that none of them takes is tried on another.
      healthy: true,
      zone: "",
      version: "",
    })) ??
    material.instances.get(name) ??
    []
  );
}

function tlsOf(
  agent: string,
  instances: InstancesConfig | undefined,
  { authorities }: Material,
): UpstreamTls | undefined {
  if (instances?.tls === undefined) return undefined;
  const believed = authorities?.get(agent);
  // In the clear instead would be a leak, and the files were read when the config was checked.
  if (believed === undefined) throw new Error(`The authorities of ${agent} were not given.`);
  const name = instances.tls.name?.value ?? instances.dns?.value.host;
  const addresses = (instances.static ?? []).flatMap(({ value: { address } }) =>
    address.kind === "ip" ? [address.host] : [],
  );
  const names: readonly CertificateName[] =
    name === undefined
      ? addresses.sort(compare).map((value) => ({ kind: "ip", value }))
      : [{ kind: "dns", value: name }];
  return { authorities: believed, serverName: name, names };
}

/** In matching order: by agent, the more specific first, at last by name. */
export function routesOf(config: MeshConfig): readonly Route[] {
  const written = config.routes.map(({ value }) => value);
  const named = new Set(written.map(({ match }) => match.agent.value));
  const rules = written
    .map((route) => {
      const conditions = conditionsOf(route);
      return { route: routeOf(route, conditions), conditions };
    })
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
        allow: { kind: "callers", scopes: [standardScope] },
        timeoutMs: standardTimeoutMs,
        origin: at,
      }),
    );
  return [...rules.map(({ route }) => route), ...defaults].sort((a, b) =>
    compare(a.match.agent, b.match.agent),
  );
}

/** One route that was written. */
export function routeOf(route: RouteConfig, conditions = conditionsOf(route)): Route {
  const { agent, claims, headers, models, path } = conditions;
  const to = [...(route.to ?? new Map([[agent, { value: 1 }]]))];
  return {
    name: route.name,
    match: {
      agent,
      ...(path !== undefined && { path }),
      ...(models !== undefined && { models }),
      headers: Object.fromEntries(sorted(headers)),
      claims: Object.fromEntries(sorted(claims)),
    },
    to: to
      .map(([name, { value }]) => ({ agent: name, weight: value }))
      .sort((a, b) => compare(a.agent, b.agent)),
    ...(route.sticky && { sticky: route.sticky.value }),
    allow: allowOf(route),
    timeoutMs: route.timeout,
    ...(route.retry && { retry: { attempts: route.retry.attempts, on: route.retry.on } }),
    ...(route.limits && { limits: limitsOf(route.name, route.limits) }),
    ...(route.budget && { budget: budgetUseOf(route.budget) }),
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
