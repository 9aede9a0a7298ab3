// The routes that take no call: how each is told why.

import {
  type EnvoyRoute,
  grpcMatch,
  type HeaderMatcher,
  headerIs,
  type RouteMatch,
  restMatch,
} from "./call-match.ts";
import { luaPerRoute } from "./filters/lua.ts";
import { unreadableBody } from "./filters/model.ts";
import { untranslated } from "./filters/untranslated.ts";
import { readingModel } from "./model-routes.ts";
import { names } from "./names.ts";
import { type Refusal, rowOf } from "./refusal.ts";
import { routeMetadata } from "./route-metadata.ts";
import { noRoute, tableRefusals, wrongMethod } from "./table-refusals.ts";

/**
 * What a known agent's callers are told where none of its routes took the call.
 *
 * @param byModel whether a route of the agent asks for a model
 */
export function agentRefusals(agent: string, byModel: boolean): readonly EnvoyRoute[] {
  return [
    refusalRoute(restMatch(agent, { headers: [notPost] }), wrongMethod, agent, {
      responseHeadersToAdd: [{ header: { key: "allow", value: "POST" } }],
    }),
    refusalRoute(restMatch(agent), noRoute, agent, byModel ? afterReading : {}),
    refusalRoute(grpcMatch(agent), noRoute, agent),
  ];
}

/** What comes before all routes of an agent that has some by model. */
export function modelRefusals(agent: string): readonly EnvoyRoute[] {
  return [
    // The transcoder reads fields from it too, the model among them.
    refusalRoute(restMatch(agent, { headers: [withQuery] }), noQuery, agent),
    refusalRoute(restMatch(agent, { metadata: [unreadableBody] }), notJson, agent, afterReading),
  ];
}

/** What all others are told, in matching order. */
export function otherRefusals(): readonly EnvoyRoute[] {
  const grpc = { grpc: {} };
  return [
    refusalRoute(grpcMatch(undefined), noAgentNamed),
    refusalRoute(prefix(`/${names.service}/`, grpc), unknownAgent, undefined, {
      // Two names together are no agent's; the program tells it from one unknown name.
      typedPerFilterConfig: { ...untranslated, [names.lua]: luaPerRoute(1) },
    }),
    refusalRoute(prefix("/", grpc), unknownService),
    refusalRoute(prefix("/v1/agents/"), unknownAgent),
    refusalRoute(prefix("/"), unknownPath),
  ];
}

/** One of Envoy's routes that answers with a refusal. */
export function refusalRoute(
  match: RouteMatch,
  refusal: Refusal,
  agent?: string,
  more: EnvoyRoute = {},
): EnvoyRoute {
  const isOfTable = tableRefusals.includes(refusal);
  return {
    name: refusal.reason.toLowerCase().replaceAll("_", "-"),
    match,
    metadata: routeMetadata(agent, isOfTable ? undefined : refusal, true),
    action: {
      case: "directResponse",
      value: {
        status: rowOf(refusal).http,
        body: { specifier: { case: "inlineString", value: refusal.message } },
      },
    },
    typedPerFilterConfig: { ...untranslated },
    ...more,
  };
}

/** Where the body is looked into before the call is refused. */
const afterReading = { typedPerFilterConfig: { ...untranslated, ...readingModel } };

function prefix(value: string, more: { readonly grpc?: object } = {}): RouteMatch {
  return { pathSpecifier: { case: "prefix", value }, ...more };
}

const notPost: HeaderMatcher = { ...headerIs(":method", "POST"), invertMatch: true };

const withQuery: HeaderMatcher = {
  name: ":path",
  headerMatchSpecifier: {
    case: "stringMatch",
    value: { matchPattern: { case: "contains", value: "?" } },
  },
};

const noQuery: Refusal = {
  reason: "INVALID_REQUEST",
  message: "A call to this agent has no query: all that it asks for stands in its body.",
};

const notJson: Refusal = {
  reason: "INVALID_REQUEST",
  message: "The body must be JSON.",
};

const noAgentNamed: Refusal = {
  reason: "INVALID_REQUEST",
  message: `The metadata key ${names.agentHeader} must name the agent to call.`,
};

const unknownAgent: Refusal = {
  reason: "UNKNOWN_AGENT",
  message: "No agent has this name, or it has no such method.",
};

const unknownService: Refusal = {
  reason: "UNKNOWN_SERVICE",
  message: `The gateway serves ${names.service} only.`,
};

const unknownPath: Refusal = {
  reason: "UNKNOWN_PATH",
  message: "Nothing is at this path.",
};
