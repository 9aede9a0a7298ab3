// Which requests are calls to an agent, through either door.

import { create } from "@bufbuild/protobuf";
import {
  type HeaderMatcher,
  HeaderMatcherSchema,
  type RouteMatch,
  RouteMatchSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import type { MetadataMatcher } from "@smartcall/envoy/api/envoy/type/matcher/v3/metadata_pb.js";
import { names } from "./names.ts";

/** What a request must have besides its path. */
export interface Conditions {
  readonly headers?: readonly HeaderMatcher[];
  readonly claims?: readonly MetadataMatcher[];
}

/** REST: the paths of one agent. */
export function restMatch(agent: string, conditions: Conditions = {}): RouteMatch {
  return create(RouteMatchSchema, {
    pathSpecifier: {
      case: "safeRegex",
      value: { regex: `/v1/agents/${escaped(agent)}:(invoke|stream)` },
    },
    ...init(conditions),
  });
}

/** Native gRPC: the metadata key says which agent; undefined is any that has no key. */
export function grpcMatch(agent: string | undefined, conditions: Conditions = {}): RouteMatch {
  const key =
    agent === undefined
      ? create(HeaderMatcherSchema, {
          name: names.agentHeader,
          headerMatchSpecifier: { case: "presentMatch", value: false },
        })
      : headerIs(names.agentHeader, agent);
  return create(RouteMatchSchema, {
    pathSpecifier: { case: "prefix", value: `/${names.service}/` },
    grpc: {},
    ...init({ ...conditions, headers: [key, ...(conditions.headers ?? [])] }),
  });
}

/** A header with exactly this value. */
export function headerIs(name: string, value: string): HeaderMatcher {
  return create(HeaderMatcherSchema, {
    name,
    headerMatchSpecifier: {
      case: "stringMatch",
      value: { matchPattern: { case: "exact", value } },
    },
  });
}

function init(conditions: Conditions) {
  return {
    headers: [...(conditions.headers ?? [])],
    dynamicMetadata: [...(conditions.claims ?? [])],
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/g, String.raw`\$&`);
}
