// The doors of agents with methods of their own: each has its own descriptors, so that one costs the others nothing.

import type { Bounds } from "../model/bounds.ts";
import { compare } from "../source/compare.ts";
import type { Origin } from "../source/origin.ts";
import type { OwnServices } from "../source/own-services/index.ts";
import type { AgentTable } from "./agent-table.ts";
import { type EnvoyRoute, escaped } from "./call-match.ts";
import { callsWith } from "./calls.ts";
import { bufferOff, bufferOfTable } from "./filters/buffer.ts";
import { luaFramesWith } from "./filters/lua-frames.ts";
import { transcoder } from "./filters/transcoder.ts";
import { names } from "./names.ts";
import { grpcRefusals, restRefusals } from "./refusal-routes.ts";
import { grpcTreeOf, type RouteList, restTreeOf } from "./route-tree.ts";
import type { Door } from "./virtual-host.ts";

/** A door, and for each of its routes where an operator wrote what it came from. */
export interface OwnHost {
  readonly door: Door;
  readonly origins: readonly (Origin | undefined)[];
}

/**
 * For each agent with methods of its own one door, by REST, of all its calls; for each
 * service of theirs one, by gRPC, of all agents that serve it.
 */
export function ownHosts(
  agents: readonly AgentTable[],
  shared: { readonly preflights: readonly EnvoyRoute[]; readonly bounds: Bounds },
): readonly OwnHost[] {
  const own = agents.flatMap(({ agent, own: table, rest }) =>
    table === undefined ? [] : [{ agent, rest, ...table }],
  );
  const byService = new Map<string, Service[]>();
  for (const { agent, grpc } of own) {
    for (const [name, { list, origins }] of grpc) {
      // Envoy knows hosts whatever the case of their letters.
      const key = name.toLowerCase();
      const service: Service = { name, agent, list, origins };
      const found = byService.get(key);
      if (found === undefined) byService.set(key, [service]);
      else found.push(service);
    }
  }
  return [
    ...own.map(({ agent, rest, services }): OwnHost => {
      const paths = pathsOf(agent, services);
      const others = restRefusals(paths);
      const before = `${names.restPath}${agent}`;
      const streams = services.paths.filter(({ serverStreams }) => serverStreams);
      return {
        door: {
          name: `rest:${agent}`,
          domains: [`${before}:*`, `${before}/*`],
          matcher: restTreeOf([[before, rest.list]], paths, { ...shared, others }),
          typedPerFilterConfig: {
            [names.transcoder]: transcoder(services.translated, services.services),
            [names.frames]: luaFramesWith([...new Set(streams.map(({ method }) => method))]),
            [names.buffer]: bufferOfTable(shared.bounds),
          },
        },
        origins: [...rest.origins, ...others.map(() => undefined)],
      };
    }),
    ...[...byService]
      .sort(byKey)
      .map(([key, services]): OwnHost => serviceHost(key, services, shared.preflights)),
  ];
}

/** A service of an agent's own, with the agent's routes to it. */
interface Service {
  readonly name: string;
  readonly agent: string;
  readonly list: RouteList;
  readonly origins: readonly Origin[];
}

function serviceHost(
  key: string,
  services: readonly Service[],
  preflights: readonly EnvoyRoute[],
): OwnHost {
  const spellings = [...new Set(services.map(({ name }) => name))].sort();
  const spelt = spellings.map((spelling) => services.filter(({ name }) => name === spelling));
  const others = grpcRefusals(spellings.map((spelling) => `/${spelling}/`));
  return {
    door: {
      name: `grpc:${key}`,
      domains: [`/${key}/*`],
      matcher: grpcTreeOf(
        spelt.map((each, index) => ({
          before: `/${spellings[index]}/`,
          agents: each.map(({ agent, list }) => [agent, list] as const),
        })),
        { preflights, others },
      ),
      typedPerFilterConfig: { [names.buffer]: bufferOff },
    },
    origins: [
      ...spelt.flatMap((each) => asKeys(each).flatMap(({ origins }) => origins)),
      ...others.map(() => undefined),
    ],
  };
}

/** In the order that agents have as keys of an object, where `7` comes before `a`. */
function asKeys(services: readonly Service[]): readonly Service[] {
  return Object.values(Object.fromEntries(services.map((each) => [each.agent, each])));
}

function byKey([one]: readonly [string, unknown], [other]: readonly [string, unknown]): number {
  return compare(one, other);
}

/** With any query. */
function pathsOf(agent: string, services: OwnServices): string {
  const { before, methods } = callsWith(agent, services).rest;
  return `${escaped(before)}(${methods.map(escaped).join("|")})(\\?.*)?`;
}
