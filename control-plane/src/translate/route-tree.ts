// Finds the routes of a call by its agent, so that no call is compared with the routes of others.
//
// https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/matching/matching_api

import { create, fromBinary, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { anyIs } from "@bufbuild/protobuf/wkt";
import {
  type Route,
  RouteListSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import type { RouteConfiguration } from "@smartcall/envoy/api/envoy/config/route/v3/route_pb.js";
import { HttpRequestHeaderMatchInputSchema } from "@smartcall/envoy/api/envoy/type/matcher/v3/http_inputs_pb.js";
import {
  type Matcher,
  type Matcher_MatcherList_Predicate,
  Matcher_MatcherList_PredicateSchema,
  Matcher_MatcherTreeSchema,
  type Matcher_OnMatch,
  Matcher_OnMatchSchema,
  MatcherSchema,
} from "@smartcall/envoy/api/xds/type/matcher/v3/matcher_pb.js";
import type { StringMatcherSchema } from "@smartcall/envoy/api/xds/type/matcher/v3/string_pb.js";
import { type EnvoyRoute, escaped, grpcPath, restPaths, websocketMethod } from "./call-match.ts";
import { any } from "./message.ts";
import { names } from "./names.ts";

/** Routes in their order, packed, and the agent whose calls are compared with them. */
export type AgentRoutes = readonly [agent: string, routes: RouteList];

/** Routes in their order, packed. The last take what is left. */
export type RouteList = Matcher_OnMatch;

/** What requests meet that are no calls to an agent. */
export interface OtherRoutes {
  /** What takes a browser's question whether a page may call; none, it is as others are. */
  readonly preflights: readonly EnvoyRoute[];
  readonly others: readonly EnvoyRoute[];
}

/** The REST door: calls by the agent in their path, and the rest. */
export function restTree(agents: readonly AgentRoutes[], besides: OtherRoutes): Matcher {
  const byPath = agents.map(([agent, list]) => [`${names.restPath}${agent}:`, list] as const);
  return restTreeOf(byPath, restPaths, besides);
}

/**
 * The same by what their paths begin with.
 *
 * @param paths a regular expression of those of calls, with any query
 */
export function restTreeOf(
  byPath: readonly (readonly [before: string, routes: RouteList])[],
  paths: string,
  besides: OtherRoutes,
): Matcher {
  const isCall = bothFit(headerEquals(":method", "POST"), headerFits(":path", paths));
  const tree = byHeader(":path", "prefixMatchMap", byPath);
  return treeOf([{ isCall: eitherFits(isCall, isUpgrade), tree }], besides);
}

/** The gRPC door: calls by the agent that their metadata names, and the rest. */
export function grpcTree(agents: readonly AgentRoutes[], besides: OtherRoutes): Matcher {
  return grpcTreeOf([{ before: grpcPath, agents }], besides);
}

/** The same for any services, by what the paths of their calls begin with. */
export function grpcTreeOf(services: readonly RoutesOfService[], besides: OtherRoutes): Matcher {
  const trees = services.map(({ before, agents }) => ({
    isCall: isGrpc(before),
    tree: byHeader(names.agentHeader, "exactMatchMap", agents),
  }));
  return treeOf(trees, besides);
}

/** What the paths of a service's calls begin with, and who serves it. */
export interface RoutesOfService {
  readonly before: string;
  readonly agents: readonly AgentRoutes[];
}

/** A door without calls to agents. */
export function otherTree(besides: OtherRoutes): Matcher {
  // Envoy takes no empty list.
  return besides.preflights.length === 0
    ? create(MatcherSchema, { onNoMatch: listOf(besides.others) })
    : treeOf([], besides);
}

type TreeOfAgents = Matcher["matcherType"];

function treeOf(
  trees: readonly {
    readonly isCall: Matcher_MatcherList_Predicate;
    readonly tree: TreeOfAgents;
  }[],
  { others, preflights }: OtherRoutes,
): Matcher {
  const onNoMatch = listOf(others);
  return create(MatcherSchema, {
    matcherType: {
      case: "matcherList",
      value: {
        matchers: [
          ...(preflights.length === 0
            ? []
            : [{ predicate: isPreflight, onMatch: listOf(preflights) }]),
          ...trees.map(({ isCall, tree }) => ({
            predicate: isCall,
            onMatch: create(Matcher_OnMatchSchema, {
              onMatch: { case: "matcher", value: { matcherType: tree, onNoMatch } },
            }),
          })),
        ],
      },
    },
    onNoMatch,
  });
}

/** Every route of a table once, in the order of the tree. */
export function routesOf(table: RouteConfiguration): readonly Route[] {
  return routeListsOf(table).flatMap((list) => fromBinary(RouteListSchema, list).routes);
}

/** The same, as the lists in which they are packed: messages of the type `RouteList`. */
export function routeListsOf(table: RouteConfiguration): readonly Uint8Array[] {
  return table.virtualHosts.flatMap(({ routes, matcher }) => {
    const packed = listsIn(matcher);
    if (routes.length === 0) return packed;
    return [toBinary(RouteListSchema, create(RouteListSchema, { routes })), ...packed];
  });
}

function listsIn(matcher: Matcher | undefined): readonly Uint8Array[] {
  if (matcher === undefined) return [];
  const { matcherType, onNoMatch } = matcher;
  const agents =
    matcherType.case === "matcherList"
      ? matcherType.value.matchers.flatMap(({ onMatch }) =>
          onMatch?.onMatch.case === "matcher" ? listsByKey(onMatch.onMatch.value) : [],
        )
      : [];
  // A tree may stand behind a condition that is asked of all calls.
  const rest = onNoMatch?.onMatch;
  return [...agents, ...(rest?.case === "matcher" ? listsIn(rest.value) : listsUnder(onNoMatch))];
}

/** Without what is under no key: that is the same as in the matcher around it. */
function listsByKey({ matcherType }: Matcher): readonly Uint8Array[] {
  if (matcherType.case !== "matcherTree") return [];
  const { treeType } = matcherType.value;
  if (treeType.case !== "exactMatchMap" && treeType.case !== "prefixMatchMap") return [];
  return Object.values(treeType.value.map).flatMap(listsUnder);
}

function listsUnder(on: Matcher_OnMatch | undefined): readonly Uint8Array[] {
  const packed = on?.onMatch.case === "action" ? on.onMatch.value.typedConfig : undefined;
  return packed !== undefined && anyIs(packed, RouteListSchema) ? [packed.value] : [];
}

/** Packs the routes of one list. */
export function listOf(routes: readonly EnvoyRoute[]): RouteList {
  return create(Matcher_OnMatchSchema, {
    onMatch: {
      case: "action",
      value: { name: "routes", typedConfig: any(RouteListSchema, { routes: [...routes] }) },
    },
  });
}

function byHeader(
  header: string,
  kind: "exactMatchMap" | "prefixMatchMap",
  entries: readonly AgentRoutes[],
): TreeOfAgents {
  // Envoy takes no empty map.
  if (entries.length === 0) return { case: undefined };
  const treeType = { case: kind, value: { map: Object.fromEntries(entries) } };
  const value = create(Matcher_MatcherTreeSchema, { input: inputOf(header), treeType });
  return { case: "matcherTree", value };
}

/** Fits requests of which the whole of a header fits a regular expression. */
export function headerFits(header: string, regex: string): Matcher_MatcherList_Predicate {
  const value = { regex, engineType: { case: "googleRe2" as const, value: {} } };
  return headerMatches(header, { case: "safeRegex", value });
}

/** Fits requests with exactly this header. */
function headerEquals(header: string, value: string): Matcher_MatcherList_Predicate {
  return headerMatches(header, { case: "exact", value });
}

function headerMatches(
  header: string,
  matchPattern: NonNullable<MessageInitShape<typeof StringMatcherSchema>["matchPattern"]>,
): Matcher_MatcherList_Predicate {
  return create(Matcher_MatcherList_PredicateSchema, {
    matchType: {
      case: "singlePredicate",
      value: {
        input: inputOf(header),
        matcher: { case: "valueMatch", value: { matchPattern } },
      },
    },
  });
}

function bothFit(...predicate: Matcher_MatcherList_Predicate[]): Matcher_MatcherList_Predicate {
  return create(Matcher_MatcherList_PredicateSchema, {
    matchType: { case: "andMatcher", value: { predicate } },
  });
}

function eitherFits(...predicate: Matcher_MatcherList_Predicate[]): Matcher_MatcherList_Predicate {
  return create(Matcher_MatcherList_PredicateSchema, {
    matchType: { case: "orMatcher", value: { predicate } },
  });
}

/** Asks for a WebSocket to an agent. */
const isUpgrade = bothFit(
  headerEquals(":method", "GET"),
  headerFits("upgrade", "(?i)websocket"),
  headerFits(":path", `${names.restPath}[^:/?]+:${websocketMethod}(\\?.*)?`),
);

/** As Envoy's own routes find it by their field `grpc`. */
function isGrpc(before: string): Matcher_MatcherList_Predicate {
  return bothFit(
    headerFits(":path", `${before === grpcPath ? before : escaped(before)}.*`),
    headerFits("content-type", "application/grpc(\\+.*)?"),
  );
}

const isPreflight = bothFit(
  headerEquals(":method", "OPTIONS"),
  headerFits("access-control-request-method", ".*"),
);

function inputOf(headerName: string) {
  return {
    name: headerName,
    typedConfig: any(HttpRequestHeaderMatchInputSchema, { headerName }),
  };
}
