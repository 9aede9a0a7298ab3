// What a route asks of a call, and which of two routes comes first.

import { callPathsOf, fitsPath, mayBeOwn, type PathKind, pathKindOf } from "./call-paths.ts";
import type { RouteConfig } from "./mesh-config.ts";

/** What a call must have, in a form that can be compared. */
export interface Conditions {
  readonly agent: string;
  /** As written; absent, it may come by any path. */
  readonly path: string | undefined;
  /** Those of the agent's paths that the call may have. */
  readonly paths: ReadonlySet<string>;
  /** Values by lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** The models, of which one is enough; absent, it may ask for any or none. */
  readonly models: readonly string[] | undefined;
  /** Values, of which one is enough, by claim. */
  readonly claims: ReadonlyMap<string, readonly string[]>;
}

/** The conditions of a route. */
export function conditionsOf(route: RouteConfig): Conditions {
  const { agent, claims, headers, model, path } = route.match;
  return {
    agent: agent.value,
    path: path?.value,
    paths: pathsOf(agent.value, path?.value),
    headers: new Map([...headers].map(([name, { value }]) => [name.toLowerCase(), value])),
    models: model?.value,
    claims: new Map([...claims].map(([name, { value }]) => [name, value])),
  };
}

/**
 * Below 0 when `a` is more specific: a whole path comes first, then a longer
 * prefix, then a pattern; then more headers, a model, more claims.
 */
export function compareSpecificity(a: Conditions, b: Conditions): number {
  return (
    comparePaths(a, b) ||
    b.headers.size - a.headers.size ||
    (b.models === undefined ? 0 : 1) - (a.models === undefined ? 0 : 1) ||
    b.claims.size - a.claims.size
  );
}

/** The same by the path alone; of two patterns the longer one comes first. */
export function comparePaths(a: Conditions, b: Conditions): number {
  return rankOf(a.path) - rankOf(b.path) || (b.path?.length ?? 0) - (a.path?.length ?? 0);
}

/** Whether one call could meet both. A claim's values are taken to exclude each other. */
export function overlap(a: Conditions, b: Conditions): boolean {
  if (a.agent !== b.agent || ![...a.paths].some((path) => b.paths.has(path))) {
    return false;
  }
  for (const [name, value] of a.headers) {
    if ((b.headers.get(name) ?? value) !== value) {
      return false;
    }
  }
  if (excludeEachOther(a.models, b.models)) {
    return false;
  }
  for (const [name, values] of a.claims) {
    if (excludeEachOther(values, b.claims.get(name))) {
      return false;
    }
  }
  return true;
}

/** What a call must have to meet both of two that overlap. */
export function bothOf(a: Conditions, b: Conditions): Conditions {
  const claims = new Map(a.claims);
  for (const [name, values] of b.claims) {
    claims.set(name, inBoth(claims.get(name), values) ?? values);
  }
  return {
    agent: a.agent,
    path: comparePaths(a, b) <= 0 ? a.path : b.path,
    paths: new Set([...a.paths].filter((path) => b.paths.has(path))),
    headers: new Map([...a.headers, ...b.headers]),
    models: inBoth(a.models, b.models),
    claims,
  };
}

/** Whether every call that meets `narrow` also meets `wide`. */
export function includes(wide: Conditions, narrow: Conditions): boolean {
  return [...narrow.paths].every((path) => wide.paths.has(path)) && includesRest(wide, narrow);
}

/** The same without a look at their paths. */
export function includesRest(wide: Conditions, narrow: Conditions): boolean {
  return (
    [...wide.headers].every(([name, value]) => narrow.headers.get(name) === value) &&
    (wide.models === undefined || isPartOf(narrow.models, wide.models)) &&
    [...wide.claims].every(([name, values]) => isPartOf(narrow.claims.get(name), values))
  );
}

function isPartOf(some: readonly string[] | undefined, all: readonly string[]): boolean {
  return some?.every((value) => all.includes(value)) ?? false;
}

function excludeEachOther(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): boolean {
  return a !== undefined && b !== undefined && !a.some((value) => b.includes(value));
}

function inBoth(
  a: readonly string[] | undefined,
  b: readonly string[] | undefined,
): readonly string[] | undefined {
  return a === undefined ? b : b === undefined ? a : a.filter((value) => b.includes(value));
}

function pathsOf(agent: string, pattern: string | undefined): ReadonlySet<string> {
  const paths = callPathsOf(agent).map(({ path }) => path);
  const fitting = paths.filter((path) => pattern === undefined || fitsPath(pattern, path));
  // Which methods of its own an agent has, its lease says.
  const own = pattern !== undefined && fitting.length === 0 && mayBeOwn(agent, pattern);
  return new Set(own ? [pattern] : fitting);
}

const ranks: Readonly<Record<PathKind, number>> = { exact: 0, prefix: 1, pattern: 2 };

function rankOf(path: string | undefined): number {
  return path === undefined ? 3 : ranks[pathKindOf(path)];
}
