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

/** What a request must have besides its agent. */
export interface Conditions {
  /** The last parts of its path; absent, any. */
  readonly methods?: readonly string[] | undefined;
  readonly headers?: readonly HeaderMatcher[];
  /** Claims of its token, and what was read from its body. */
  readonly metadata?: readonly MetadataMatcher[];
}

/** REST: the paths of one agent. That they are those of methods, the tree around has seen to. */
export function restMatch(agent: string, conditions: Conditions = {}): RouteMatch {
  const before = `${names.restPath}${agent}:`;
  return create(RouteMatchSchema, {
    pathSpecifier:
      conditions.methods === undefined
        ? { case: "prefix", value: before }
        : pathOf(before, conditions.methods),
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
    pathSpecifier:
      conditions.methods === undefined
        ? { case: "prefix", value: `/${names.service}/` }
        : pathOf(`/${names.service}/`, conditions.methods),
    grpc: {},
    ...init({ ...conditions, headers: [key, ...(conditions.headers ?? [])] }),
  });
}

/** A header with exactly this value. */
export function headerIs(name: string, value: string): HeaderMatcher {
  return headerIsOneOf(name, [value]);
}

/** A header with exactly one of these values. */
export function headerIsOneOf(name: string, values: readonly string[]): HeaderMatcher {
  const [only, ...others] = values;
  const matchPattern =
    only !== undefined && others.length === 0
      ? { case: "exact" as const, value: only }
      : { case: "safeRegex" as const, value: { regex: values.map(escaped).join("|") } };
  return create(HeaderMatcherSchema, {
    name,
    headerMatchSpecifier: { case: "stringMatch", value: { matchPattern } },
  });
}

function pathOf(before: string, methods: readonly string[]): RouteMatch["pathSpecifier"] {
  const [only, ...others] = methods;
  return only !== undefined && others.length === 0
    ? { case: "path", value: `${before}${only}` }
    : create(RouteMatchSchema, {
        pathSpecifier: {
          case: "safeRegex",
          value: { regex: `${escaped(before)}(${methods.join("|")})` },
        },
      }).pathSpecifier;
}

function init(conditions: Conditions) {
  return {
    headers: [...(conditions.headers ?? [])],
    dynamicMetadata: [...(conditions.metadata ?? [])],
  };
}

function escaped(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/g, String.raw`\$&`);
}
