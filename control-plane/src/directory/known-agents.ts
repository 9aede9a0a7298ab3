// All that the directory knows of a mesh's agents.

import type { Agent, Mesh, Route } from "../model/mesh.ts";
import { routesByAgent } from "../model/routes-by-agent.ts";
import type { Instance } from "../source/instance.ts";
import { mayCall } from "./may-call.ts";
import type { Reader } from "./reader.ts";

/** One agent. */
export interface KnownAgent {
  readonly agent: Agent;
  /** Its routes, in matching order. */
  readonly routes: readonly Route[];
  /** Who answers its calls: the instances of the agents that its routes lead to. */
  readonly instances: readonly Instance[];
  /** In its own words; empty where it says nothing. */
  readonly description: string;
}

/** What instances say of themselves. */
export interface Said {
  readonly agent: string;
  readonly description: string;
}

/** The agents that callers may reach at all, sorted by name. */
export function knownAgents(
  { agents, routes }: Pick<Mesh, "agents" | "routes">,
  said: readonly Said[],
): readonly KnownAgent[] {
  const ofAgent = routesByAgent(routes);
  const instancesOf = new Map(agents.map(({ instances, name }) => [name, instances]));
  const words = new Map(said.map(({ agent, description }) => [agent, description]));
  return agents
    .filter(({ hidden }) => hidden !== true)
    .map((agent) => {
      const routes = ofAgent.get(agent.name) ?? [];
      const answering = new Set(
        routes.flatMap(({ to }) => to.filter(({ weight }) => weight > 0).map((one) => one.agent)),
      );
      return {
        agent,
        routes,
        instances: [...answering].flatMap((name) => instancesOf.get(name) ?? []),
        description: words.get(agent.name) ?? "",
      };
    });
}

/** Those that the reader may call. */
export function seenBy(agents: readonly KnownAgent[], reader: Reader): readonly KnownAgent[] {
  return agents.filter(({ routes }) => mayCall(routes, reader));
}
