// Finds routes that take the same call with nothing to say which comes first.

import {
  bothOf,
  type Conditions,
  compareSpecificity,
  conditionsOf,
  includes,
  overlap,
} from "../conditions.ts";
import type { RouteConfig } from "../mesh-config.ts";
import { placeOf, problem, type Report } from "../problem.ts";

/** Of the ties of one route, this many are reported; more would say the same. */
const maxTiesOfOne = 3;

/** Reports each pair of routes that tie, at the later one. */
export function checkTies(routes: readonly RouteConfig[], report: Report): void {
  const byAgent = new Map<string, Rule[]>();
  for (const route of routes) {
    const conditions = conditionsOf(route);
    ensure(byAgent, conditions.agent, () => []).push({ route, conditions });
  }
  for (const [agent, rules] of byAgent) {
    if (agent !== "") {
      checkAgent(rules, report);
    }
  }
}

interface Rule {
  readonly route: RouteConfig;
  readonly conditions: Conditions;
}

function checkAgent(rules: readonly Rule[], report: Report): void {
  const levels = new Map<string, Map<string, Group>>();
  for (const rule of rules) {
    const { headers, claims } = rule.conditions;
    const level = ensure(levels, `${headers.size} ${claims.size}`, () => new Map<string, Group>());
    let ties = 0;
    for (const group of level.values()) {
      for (const other of candidates(group, rule.conditions)) {
        if (ties < maxTiesOfOne && overlap(rule.conditions, other.conditions)) {
          const both = bothOf(rule.conditions, other.conditions);
          if (!isSettled(both, rule, rules)) {
            ties += 1;
            report(tie(rule.route, other.route, both));
          }
        }
      }
    }
    add(level, rule);
  }
}

/** Whether a more specific route takes every call that two routes would both take. */
function isSettled(both: Conditions, rule: Rule, rules: readonly Rule[]): boolean {
  return rules.some(
    ({ conditions }) =>
      compareSpecificity(conditions, rule.conditions) < 0 && includes(conditions, both),
  );
}

function tie(route: RouteConfig, other: RouteConfig, both: Conditions) {
  return problem("SC401", route.at, {
    route: route.name,
    other: other.name,
    place: placeOf(other.at, route.at),
    calls: inWords(both),
  });
}

function inWords({ agent, claims, headers }: Conditions): string {
  const asked = [
    ...[...headers].map(([name, value]) => `the header \`${name}: ${value}\``),
    ...[...claims].map(([name, values]) => `the claim \`${name}: ${values[0] ?? ""}\``),
  ];
  return `calls to \`${agent}\`${asked.length === 0 ? "" : ` with ${asked.join(" and ")}`}`;
}

/** Rules that ask for the same headers and claims, found by each value that they ask for. */
interface Group {
  readonly rules: Rule[];
  readonly byValue: Map<string, Map<string, Rule[]>>;
}

/** The rules of a group that could overlap, found by the condition that leaves the fewest. */
function candidates(group: Group, conditions: Conditions): readonly Rule[] {
  let fewest: readonly Rule[] = group.rules;
  for (const [key, values] of keysOf(conditions)) {
    const index = group.byValue.get(key);
    if (index !== undefined) {
      const sizes = values.map((value) => index.get(value)?.length ?? 0);
      if (sizes.reduce((sum, size) => sum + size, 0) < fewest.length) {
        fewest = [...new Set(values.flatMap((value) => index.get(value) ?? []))];
      }
    }
  }
  return fewest;
}

function add(level: Map<string, Group>, rule: Rule): void {
  const keys = keysOf(rule.conditions);
  const signature = JSON.stringify(keys.map(([key]) => key).sort());
  const group = ensure(level, signature, () => ({
    rules: [],
    byValue: new Map<string, Map<string, Rule[]>>(),
  }));
  group.rules.push(rule);
  for (const [key, values] of keys) {
    const index = ensure(group.byValue, key, () => new Map<string, Rule[]>());
    for (const value of values) {
      ensure(index, value, () => []).push(rule);
    }
  }
}

function keysOf({
  claims,
  headers,
}: Conditions): readonly (readonly [string, readonly string[]])[] {
  return [
    ...[...headers].map(([name, value]) => [`header ${name}`, [value]] as const),
    ...[...claims].map(([name, values]) => [`claim ${name}`, values] as const),
  ];
}

function ensure<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) {
    return found;
  }
  const made = make();
  map.set(key, made);
  return made;
}
