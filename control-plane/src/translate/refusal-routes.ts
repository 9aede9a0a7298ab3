// The routes that take no call: how each is told why.

import type { Any } from "@bufbuild/protobuf/wkt";
import {
  type EnvoyRoute,
  grpcPath,
  type HeaderMatcher,
  headerIs,
  type RouteMatch,
  restMatch,
  restPaths,
} from "./call-match.ts";
import { luaPerRoute } from "./filters/lua.ts";
import { unreadableBody } from "./filters/model.ts";
import { rbacPerRoute } from "./filters/rbac.ts";
import { untranslated } from "./filters/untranslated.ts";
import { readingModel } from "./model-routes.ts";
import { names } from "./names.ts";
import { type Refusal, rowOf } from "./refusal.ts";
import { routeMetadata } from "./route-metadata.ts";
import { noRoute, wrongMethod } from "./table-refusals.ts";

/**
 * What a known agent's callers are told where none of its routes took the call. There are
 * as many as agents, so it has no words of its own: nobody is allowed there (see
 * `rbacOfTable`), and the listener knows what is told to whom it is met by.
 *
 * @param reading whether the agent has routes by model, and the call is by REST
 */
export function agentRefusal(agent: string, match: RouteMatch, reading: boolean): EnvoyRoute {
  return {
    name: nameOf(noRoute),
    match,
    metadata: routeMetadata(agent, undefined, true),
    action: { case: "directResponse", value: { status: rowOf(noRoute).http } },
    ...(reading && { typedPerFilterConfig: readingModel }),
  };
}

/** What comes before all REST routes of an agent that has some by model. */
export function modelRefusals(agent: string, before?: string): readonly EnvoyRoute[] {
  return [
    // The transcoder reads fields from it too, the model among them.
    refusalRoute(restMatch(agent, { before, headers: [withQuery] }), noQuery, agent),
    refusalRoute(
      restMatch(agent, { before, metadata: [unreadableBody] }),
      notJson,
      agent,
      afterReading,
    ),
  ];
}

/**
 * What all others are told who come by REST, or by neither door, in matching order.
 *
 * @param paths a regular expression of those of calls
 */
export function restRefusals(paths = restPaths): readonly EnvoyRoute[] {
  return [
    refusalRoute(anyMethodsPath(paths), wrongMethod, undefined, {
      responseHeadersToAdd: [{ header: { key: "allow", value: "POST" } }],
    }),
    refusalRoute(prefix("/", grpc), unknownService),
    refusalRoute(prefix(names.restPath), unknownAgent),
    nothingHere(),
  ];
}

/**
 * What all others are told whose path is one of a service, in matching order.
 *
 * @param services what the paths of each begin with
 */
export function grpcRefusals(services: readonly string[] = [grpcPath]): readonly EnvoyRoute[] {
  return [
    ...services.flatMap((before) => [
      unnamedAgent(before),
      refusalRoute(prefix(before, grpc), unknownAgent, undefined, {
        // Two names together are no agent's; the program tells it from one unknown name.
        typedPerFilterConfig: { ...answered, [names.lua]: luaPerRoute(1) },
      }),
    ]),
    refusalRoute(prefix("/", grpc), unknownService),
    nothingHere(),
  ];
}

/** What a gRPC call is told whose path begins so, and that names no agent. */
export function unnamedAgent(before: string): EnvoyRoute {
  return refusalRoute({ ...prefix(before, grpc), headers: [withoutAgent] }, noAgentNamed);
}

/** What is told at any path. */
export function nothingHere(): EnvoyRoute {
  return refusalRoute(prefix("/"), unknownPath);
}

/** One of Envoy's routes that answers with a refusal. */
export function refusalRoute(
  match: RouteMatch,
  refusal: Refusal,
  agent?: string,
  more: EnvoyRoute = {},
): EnvoyRoute {
  return {
    name: nameOf(refusal),
    match,
    metadata: routeMetadata(agent, refusal),
    action: {
      case: "directResponse",
      value: {
        status: rowOf(refusal).http,
        body: { specifier: { case: "inlineString", value: refusal.message } },
      },
    },
    typedPerFilterConfig: answered,
    ...more,
  };
}

function nameOf({ reason }: Refusal): string {
  return reason.toLowerCase().replaceAll("_", "-");
}

/** Told to all who have a token. */
const answered: Readonly<Record<string, Any>> = {
  ...untranslated,
  ...rbacPerRoute({ kind: "public" }),
};

/** Where the body is looked into before the call is refused. */
const afterReading = { typedPerFilterConfig: { ...answered, ...readingModel } };

const grpc = { grpc: {} };

function prefix(value: string, more: { readonly grpc?: object } = {}): RouteMatch {
  return { pathSpecifier: { case: "prefix", value }, ...more };
}

function anyMethodsPath(regex: string): RouteMatch {
  return {
    pathSpecifier: { case: "safeRegex", value: { regex } },
    headers: [{ ...headerIs(":method", "POST"), invertMatch: true }],
  };
}

const withoutAgent: HeaderMatcher = {
  name: names.agentHeader,
  headerMatchSpecifier: { case: "presentMatch", value: false },
};

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
  message: `The gateway serves ${names.service}, and what its agents add to it.`,
};

const unknownPath: Refusal = {
  reason: "UNKNOWN_PATH",
  message: "Nothing is at this path.",
};
