// The routes of one agent, by door.

import type { Route } from "../model/mesh.ts";
import type { Origin } from "../source/origin.ts";
import type { OwnServices } from "../source/own-services/index.ts";
import { type EnvoyRoute, grpcMatch, restMatch } from "./call-match.ts";
import { type ByDoor, callRoutes } from "./call-routes.ts";
import { type Calls, callsOfService, callsWith, contractCalls } from "./calls.ts";
import { withLimitsOn } from "./filters/limits-per-route.ts";
import { type RouteQuota, withQuotaOn } from "./filters/quota-per-route.ts";
import { agentRefusal, modelRefusals } from "./refusal-routes.ts";
import { remembered } from "./remembered.ts";
import { listOf, type RouteList } from "./route-tree.ts";
import type { RoutedAgent } from "./routed-mesh.ts";
import { websocketRoutes } from "./websocket-route.ts";

/** The routes of one agent by their doors, and for each where an operator wrote what it came from. */
export interface AgentTable {
  readonly agent: string;
  readonly rest: OriginTable;
  /** The contract's calls. */
  readonly grpc: OriginTable;
  /** What it serves besides; the calls of that by REST are among `rest`. */
  readonly own?: OwnTable | undefined;
}

/** What an agent serves besides, and the routes of that by gRPC. */
export interface OwnTable {
  readonly services: OwnServices;
  /** By the full name of a service. */
  readonly grpc: ReadonlyMap<string, OriginTable>;
}

/** The routes of one door; for each where an operator wrote what it came from. */
export interface OriginTable {
  readonly list: RouteList;
  readonly origins: readonly Origin[];
}

/** The routes of one door; for each, which of the agent's it came from, -1 for none. */
interface DoorTable {
  readonly list: RouteList;
  readonly from: readonly number[];
}

/** A route, and what the quota service counts of its calls. */
export interface CountedRoute {
  readonly route: Route;
  readonly quota: RouteQuota | undefined;
}

/** Begins a round: what the last one did not ask for is forgotten. */
export function beginTables(): void {
  made.begin();
}

/**
 * The table of one agent.
 *
 * @param byModel whether a route of it asks for a model
 */
export function agentTable(
  agent: RoutedAgent,
  routes: readonly CountedRoute[],
  byModel: boolean,
): AgentTable {
  const { services } = agent;
  // Nothing but origins changes when lines are written above them.
  const content = routes.map(({ route: { origin, limits, budget, ...rest }, quota }) => [
    rest,
    limits?.map(({ name }) => name),
    quota,
  ]);
  const key = JSON.stringify([agent.name, content, byModel, services?.id]);
  const { rest, grpc, own } = made.of(key, () => makeTable(agent, routes, byModel));
  const withOrigins = (table: DoorTable): OriginTable => ({
    list: table.list,
    origins: table.from.map((index) => routes[index]?.route.origin ?? agent.origin),
  });
  const tables = new Map([...own].map(([service, table]) => [service, withOrigins(table)]));
  return {
    agent: agent.name,
    rest: withOrigins(rest),
    grpc: withOrigins(grpc),
    ...(services && { own: { services, grpc: tables } }),
  };
}

/** The same without origins. */
type MadeTable = { readonly [Door in keyof ByDoor]: DoorTable } & {
  readonly own: ReadonlyMap<string, DoorTable>;
};

const made = remembered<MadeTable>();

function makeTable(
  { name: agent, services }: RoutedAgent,
  routes: readonly CountedRoute[],
  byModel: boolean,
): MadeTable {
  const limited = withLimitsOn(routes.map(({ route }) => route));
  const paid = withQuotaOn(routes.map(({ quota }) => quota));
  const counting = (route: EnvoyRoute): EnvoyRoute => paid(limited(route));
  const left = !routes.some(({ route }) => takesAll(route));
  const table = (
    own: readonly (readonly EnvoyRoute[])[],
    first: readonly EnvoyRoute[],
    last: EnvoyRoute,
  ): DoorTable => {
    const rest = left ? [last] : [];
    return {
      list: listOf([...first, ...own.flat(), ...rest].map(counting)),
      from: [
        ...first.map(() => -1),
        ...own.flatMap((each, index) => each.map(() => index)),
        ...rest.map(() => -1),
      ],
    };
  };
  const calls = services === undefined ? contractCalls(agent) : callsWith(agent, services);
  const doorsOf = (of: Calls): readonly ByDoor[] =>
    routes.map(({ route, quota }) => callRoutes(route, byModel, quota, of));
  const doors = doorsOf(calls);
  const { before } = calls.rest;
  const sockets = websocketRoutes(
    agent,
    routes.map(({ route }) => route),
  );
  return {
    rest: table(
      doors.map(({ rest }) => rest),
      [...sockets, ...(byModel ? modelRefusals(agent, before) : [])],
      agentRefusal(agent, restMatch(agent, { before }), byModel),
    ),
    grpc: table(
      doors.map(({ grpc }) => grpc),
      [],
      agentRefusal(agent, grpcMatch(), false),
    ),
    own: new Map(
      (services?.services ?? []).map((service) => {
        const ofService = callsOfService(service, services?.paths ?? []);
        const match = grpcMatch({ before: ofService.grpc.before });
        const own = doorsOf(ofService).map(({ grpc }) => grpc);
        return [service, table(own, [], agentRefusal(agent, match, false))];
      }),
    ),
  };
}

/** Whether no call of the agent is left for another route. */
function takesAll({ match: { claims, headers, models, path } }: Route): boolean {
  const asks = Object.keys(claims).length + Object.keys(headers).length;
  return asks === 0 && models === undefined && path === undefined;
}
