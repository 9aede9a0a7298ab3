// Finds the routes of a call by its agent, so that no call is compared with the routes of others.
//
// https://www.envoyproxy.io/docs/envoy/latest/intro/arch_overview/advanced/matching/matching_api

import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
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
  type Matcher_OnMatch,
  Matcher_OnMatchSchema,
  MatcherSchema,
} from "@smartcall/envoy/api/xds/type/matcher/v3/matcher_pb.js";
import { callPathsOf } from "../config/call-paths.ts";
import type { EnvoyRoute } from "./call-match.ts";
import { any } from "./message.ts";
import { names } from "./names.ts";

/** The routes that calls to one agent are compared with. */
export interface AgentRoutes {
  readonly agent: string;
  readonly rest: RouteList;
  readonly grpc: RouteList;
}

/** Routes in their order, packed. The last take what is left. */
export type RouteList = Matcher_OnMatch;

/**
 * What a virtual host matches requests by: calls by their agent, and `others` for the rest.
 *
 * @param preflights what takes a browser's question whether a page may call; none, it is
 *   a call as others are
 */
export function routeTree(
  agents: readonly AgentRoutes[],
  others: readonly EnvoyRoute[],
  preflights: readonly EnvoyRoute[] = [],
): Matcher {
  const rest = agents.map((each) => [`${names.restPath}${each.agent}:`, each.rest] as const);
  const grpc = agents.map((each) => [each.agent, each.grpc] as const);
  const otherwise = listOf(others);
  return create(MatcherSchema, {
    matcherType: {
      case: "matcherList",
      value: {
        matchers: [
          ...(preflights.length === 0
            ? []
            : [{ predicate: isPreflight, onMatch: listOf(preflights) }]),
          {
            predicate: headerFits(":path", `${names.restPath}[^:/?]+:(${restMethods})(\\?.*)?`),
            onMatch: byHeader(":path", "prefixMatchMap", rest, otherwise),
          },
          {
            predicate: isGrpc,
            onMatch: byHeader(names.agentHeader, "exactMatchMap", grpc, otherwise),
          },
        ],
      },
    },
    onNoMatch: otherwise,
  });
}

const restMethods = callPathsOf("")
  .flatMap(({ door, method }) => (door === "rest" ? [method] : []))
  .join("|");

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
  return [...agents, ...listsUnder(onNoMatch)];
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
  entries: readonly (readonly [string, Matcher_OnMatch])[],
  otherwise: Matcher_OnMatch,
): Matcher_OnMatch {
  const treeType = { case: kind, value: { map: Object.fromEntries(entries) } };
  const matcherTree = { input: inputOf(header), treeType };
  return create(Matcher_OnMatchSchema, {
    onMatch: {
      case: "matcher",
      // Envoy takes no empty map.
      value:
        entries.length === 0
          ? { onNoMatch: otherwise }
          : { matcherType: { case: "matcherTree", value: matcherTree }, onNoMatch: otherwise },
    },
  });
}

function headerFits(header: string, regex: string): Matcher_MatcherList_Predicate {
  return create(Matcher_MatcherList_PredicateSchema, {
    matchType: {
      case: "singlePredicate",
      value: {
        input: inputOf(header),
        matcher: {
          case: "valueMatch",
          value: {
            matchPattern: {
              case: "safeRegex",
              value: { regex, engineType: { case: "googleRe2", value: {} } },
            },
          },
        },
      },
    },
  });
}

function bothFit(...predicate: Matcher_MatcherList_Predicate[]): Matcher_MatcherList_Predicate {
  return create(Matcher_MatcherList_PredicateSchema, {
    matchType: { case: "andMatcher", value: { predicate } },
  });
}

/** As Envoy's own routes find it by their field `grpc`. */
const isGrpc = bothFit(
  headerFits(":path", `/${names.service}/.*`),
  headerFits("content-type", "application/grpc(\\+.*)?"),
);

const isPreflight = bothFit(
  headerFits(":method", "OPTIONS"),
  headerFits("access-control-request-method", ".*"),
);

function inputOf(headerName: string) {
  return {
    name: headerName,
    typedConfig: any(HttpRequestHeaderMatchInputSchema, { headerName }),
  };
}
