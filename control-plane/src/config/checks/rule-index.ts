// The routes of one agent, found by what they ask for, so that no check compares every pair.

import { type Conditions, compareSpecificity, conditionsOf } from "../conditions.ts";
import type { RouteConfig } from "../mesh-config.ts";
import { valueIn } from "../value-in.ts";

/** A route with what it asks for. */
export interface Rule {
  readonly route: RouteConfig;
  readonly conditions: Conditions;
  /** Its place among the routes. */
  readonly order: number;
}

/** Rules that are equally specific. */
export interface Level {
  readonly specificity: Conditions;
  /** By the names of what they ask for. */
  readonly groups: ReadonlyMap<string, Group>;
}

/** Rules that ask for the same headers and claims, found by each value that they ask for. */
export interface Group {
  readonly rules: readonly Rule[];
  readonly byValue: ReadonlyMap<string, ReadonlyMap<string, readonly Rule[]>>;
}

/** The rules of each agent, in the order of the routes, but for those whose `match` has flaws. */
export function rulesByAgent(routes: readonly RouteConfig[]): ReadonlyMap<string, readonly Rule[]> {
  const byAgent = new Map<string, Rule[]>();
  for (const [order, route] of routes.entries()) {
    if (route.flawed.has("match") || route.match.flawed.size > 0) continue;
    const conditions = conditionsOf(route);
    valueIn(byAgent, conditions.agent, () => []).push({ route, conditions, order });
  }
  return byAgent;
}

/** The rules of one agent by level, the most specific level first. */
export function levelsOf(rules: readonly Rule[]): readonly Level[] {
  const levels = new Map<string, OpenLevel>();
  for (const rule of rules) {
    const key = specificityOf(rule.conditions);
    add(
      valueIn(levels, key, () => ({ specificity: rule.conditions, groups: new Map() })),
      rule,
    );
  }
  return [...levels.values()].sort((a, b) => compareSpecificity(a.specificity, b.specificity));
}

/** The same text for conditions that are equally specific. */
export function specificityOf({ claims, headers, models, path }: Conditions): string {
  const kind = path === undefined ? "" : `${path.indexOf("*") === path.length - 1} ${path.length}`;
  return `${kind} ${headers.size} ${models !== undefined} ${claims.size}`;
}

/** The rules of a group that could take a call like this, found by what leaves the fewest. */
export function candidates(group: Group, conditions: Conditions): readonly Rule[] {
  let fewest = group.rules;
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

/** Those of a level that could take every call like this: none asks for what it does not have. */
export function widerCandidates(level: Level, conditions: Conditions): readonly Rule[] {
  const asked = new Set(keysOf(conditions).map(([key]) => key));
  return [...level.groups.values()].flatMap((group) =>
    [...group.byValue.keys()].every((key) => asked.has(key)) ? candidates(group, conditions) : [],
  );
}

interface OpenLevel extends Level {
  readonly groups: Map<string, OpenGroup>;
}

interface OpenGroup extends Group {
  readonly rules: Rule[];
  readonly byValue: Map<string, Map<string, Rule[]>>;
}

function add(level: OpenLevel, rule: Rule): void {
  const keys = keysOf(rule.conditions);
  const signature = JSON.stringify(keys.map(([key]) => key).sort());
  const group = valueIn(level.groups, signature, () => ({ rules: [], byValue: new Map() }));
  group.rules.push(rule);
  for (const [key, values] of keys) {
    const index = valueIn(group.byValue, key, () => new Map<string, Rule[]>());
    for (const value of values) {
      valueIn(index, value, () => []).push(rule);
    }
  }
}

function keysOf({
  claims,
  headers,
  models,
}: Conditions): readonly (readonly [string, readonly string[]])[] {
  return [
    ...[...headers].map(([name, value]) => [`header ${name}`, [value]] as const),
    ...(models === undefined ? [] : [["model", models] as const]),
    ...[...claims].map(([name, values]) => [`claim ${name}`, values] as const),
  ];
}
