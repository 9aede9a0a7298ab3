// What a route asks of a call, and which of two routes comes first.

import type { RouteConfig } from "./mesh-config.ts";

/** What a call must have, in a form that can be compared. */
export interface Conditions {
  readonly agent: string;
  /** Values by lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  /** Values, of which one is enough, by claim. */
  readonly claims: ReadonlyMap<string, readonly string[]>;
}

/** The conditions of a route. */
export function conditionsOf(route: RouteConfig): Conditions {
  const { agent, claims, headers } = route.match;
  return {
    agent: agent.value,
    headers: new Map([...headers].map(([name, { value }]) => [name.toLowerCase(), value])),
    claims: new Map([...claims].map(([name, { value }]) => [name, value])),
  };
}

/** Below 0 when `a` is more specific: more headers count first, then more claims. */
export function compareSpecificity(a: Conditions, b: Conditions): number {
  return b.headers.size - a.headers.size || b.claims.size - a.claims.size;
}

/** Whether one call could meet both. A claim's values are taken to exclude each other. */
export function overlap(a: Conditions, b: Conditions): boolean {
  if (a.agent !== b.agent) {
    return false;
  }
  for (const [name, value] of a.headers) {
    if ((b.headers.get(name) ?? value) !== value) {
      return false;
    }
  }
  for (const [name, values] of a.claims) {
    const others = b.claims.get(name);
    if (others !== undefined && !values.some((value) => others.includes(value))) {
      return false;
    }
  }
  return true;
}

/** What a call must have to meet both of two that overlap. */
export function bothOf(a: Conditions, b: Conditions): Conditions {
  const claims = new Map(a.claims);
  for (const [name, values] of b.claims) {
    const others = claims.get(name);
    claims.set(name, others === undefined ? values : others.filter((one) => values.includes(one)));
  }
  return { agent: a.agent, headers: new Map([...a.headers, ...b.headers]), claims };
}

/** Whether every call that meets `narrow` also meets `wide`. */
export function includes(wide: Conditions, narrow: Conditions): boolean {
  const headers = [...wide.headers].every(([name, value]) => narrow.headers.get(name) === value);
  return (
    headers &&
    [...wide.claims].every(([name, values]) => {
      const asked = narrow.claims.get(name);
      return asked?.every((value) => values.includes(value)) ?? false;
    })
  );
}
