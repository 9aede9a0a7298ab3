// A mesh as the resources of its sidecars: made for each agent when one asks.

import type { Mesh } from "../../model/mesh.ts";
import { contentHash, withServicesById } from "../content-hash.ts";
import { remembered } from "../remembered.ts";
import type { RoutedAgent } from "../routed-mesh.ts";
import { stickyClaims } from "../sticky.ts";
import type { Translation } from "../translate.ts";
import { agentCluster } from "./agent-cluster.ts";
import { callersFilter, callersOf } from "./callers.ts";
import { callsRoutesOf } from "./calls-routes.ts";
import { egressOf } from "./egress.ts";
import { egressListener } from "./egress-listener.ts";
import { inboundRoutes } from "./inbound-routes.ts";
import { callsListener, type InboundPlace, inboundListener } from "./listeners.ts";
import { type SidecarMesh, sidecarMeshOf } from "./sidecar-mesh.ts";

/** Where one sidecar listens. */
export interface SidecarPlace {
  readonly inbound: InboundPlace;
  /** On loopback; absent, it calls no hosts outside the mesh. */
  readonly egressPort?: number | undefined;
}

/** The sidecars of a mesh. */
export interface Sidecars {
  /** The same as long as nothing has changed for any sidecar that has not for gateways. */
  readonly revision: string;
  /** The same as long as nothing has changed of what is sidecars' own. */
  readonly content: string;
  /**
   * What is a sidecar's own. All else that it names, the clusters of agents and the filters
   * that look at tokens, is as gateways have it. Undefined for an agent that the mesh lacks.
   */
  of(agent: string, place: SidecarPlace): Translation | undefined;
}

/** Describes them. The same mesh always gives the same. */
export function sidecarsOf(whole: Mesh): Sidecars {
  const mesh = sidecarMeshOf(whole);
  const content = contentHash({ ...mesh, agents: withServicesById(mesh.agents) });
  return { revision: revisionOf(mesh), content, of: made.of(content, () => ownOf(mesh)) };
}

/** What the instances that come and go change nothing of: of all versions of files that may be served. */
const made = remembered<Sidecars["of"]>(4);

function ownOf(mesh: SidecarMesh): Sidecars["of"] {
  const first = once(() => ({
    agents: new Map(mesh.agents.map((agent) => [agent.name, agent])),
    callers: callersOf(mesh),
    callsRoutes: callsRoutesOf(mesh),
    sticky: stickyClaims(mesh),
  }));
  const shared = new Map<string, Omit<Translation, "listener">>();
  const share = (agent: RoutedAgent) => {
    const { callers, callsRoutes, sticky } = first();
    const egress = egressOf(mesh, agent.name);
    return {
      cluster: [agentCluster(agent), ...egress.cluster],
      endpoint: [],
      route: [inboundRoutes(agent.name, sticky), callsRoutes(agent), ...egress.route],
      secret: egress.secret,
      extension: [callersFilter(agent, callers.get(agent.name) ?? [])],
    };
  };
  return (name, { egressPort, inbound }) => {
    const agent = first().agents.get(name);
    if (agent === undefined) return undefined;
    const others = shared.get(name) ?? share(agent);
    shared.set(name, others);
    const outside = egressPort === undefined ? [] : [egressListener(mesh, egressPort)];
    const listener = [inboundListener(name, inbound), callsListener(name), ...outside];
    return { ...others, listener };
  };
}

/** Of what no resource of a gateway is made. */
function revisionOf({ agents, budgets, egress, name, routes }: SidecarMesh): string {
  const hidden = new Set(agents.flatMap((agent) => (agent.hidden ? [agent.name] : [])));
  const content = [
    name,
    agents.map((agent) => [
      agent.name,
      agent.hidden,
      agent.calls,
      agent.concurrency?.running,
      agent.services?.id,
    ]),
    routes.filter(({ match }) => hidden.has(match.agent)),
    budgets?.map(({ by, name, within }) => [name, by, within]),
    egress,
  ];
  return contentHash(content);
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
