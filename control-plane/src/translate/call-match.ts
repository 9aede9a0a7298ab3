// Which requests are calls to an agent, through either door.

import type {
  HeaderMatcherSchema,
  RouteMatchSchema,
  RouteSchema,
} from "@smartcall/envoy/api/envoy/config/route/v3/route_components_pb.js";
import { callPathsOf } from "../config/call-paths.ts";
import type { MetadataMatcher } from "./claim.ts";
import type { PartsOf } from "./message.ts";
import { names } from "./names.ts";

/** Before the method's name in the path of a native gRPC call. */
export const grpcPath = `/${names.service}/`;

/** One of Envoy's routes, what it matches, and a header among that. */
export type EnvoyRoute = PartsOf<typeof RouteSchema>;
export type RouteMatch = PartsOf<typeof RouteMatchSchema>;
export type HeaderMatcher = PartsOf<typeof HeaderMatcherSchema>;

/** What a request must have besides its agent. */
export interface Conditions {
  /** The last parts of its path; absent, any. */
  readonly methods?: readonly string[] | undefined;
  /** What is before those; absent, what is there in calls of the contract. */
  readonly before?: string | undefined;
  readonly headers?: readonly HeaderMatcher[];
  /** Claims of its token, and what was read from its body. */
  readonly metadata?: readonly MetadataMatcher[];
}

/**
 * The paths of REST calls, with any query. That a call is by POST to one of them, and by
 * gRPC to an agent that is named, the tree around the routes of the agent has seen to.
 */
export const restPaths = `${names.restPath}[^:/?]+:(${restMethods()})(\\?.*)?`;

/** The last part of the paths of WebSockets. */
export const websocketMethod = "converse";

/** REST: the paths of one agent. */
export function restMatch(agent: string, conditions: Conditions = {}): RouteMatch {
  const before = conditions.before ?? `${names.restPath}${agent}:`;
  return { ...pathOf(before, conditions.methods), ...others(conditions) };
}

/** Native gRPC: the paths of every agent. */
export function grpcMatch(conditions: Conditions = {}): RouteMatch {
  return { ...pathOf(conditions.before ?? grpcPath, conditions.methods), ...others(conditions) };
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
  return { name, headerMatchSpecifier: { case: "stringMatch", value: { matchPattern } } };
}

/** A text as a regular expression that fits it alone. */
export function escaped(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9_-]/g, String.raw`\$&`);
}

function restMethods(): string {
  const paths = callPathsOf("");
  return paths.flatMap(({ door, method }) => (door === "rest" ? [method] : [])).join("|");
}

function pathOf(before: string, methods: readonly string[] | undefined): RouteMatch {
  if (methods === undefined) return { pathSpecifier: { case: "prefix", value: before } };
  const [only, ...more] = methods;
  if (only !== undefined && more.length === 0) {
    return { pathSpecifier: { case: "path", value: `${before}${only}` } };
  }
  const regex = `${escaped(before)}(${methods.map(escaped).join("|")})`;
  return { pathSpecifier: { case: "safeRegex", value: { regex } } };
}

function others({ headers, metadata }: Conditions): RouteMatch {
  return { headers: [...(headers ?? [])], dynamicMetadata: [...(metadata ?? [])] };
}
