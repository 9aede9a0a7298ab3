// Finds routes that take the same call with nothing to say which comes first.

import { bothOf, type Conditions, compareSpecificity, includes, overlap } from "../conditions.ts";
import type { RouteConfig } from "../mesh-config.ts";
import { placeOf, problem, type Report } from "../problem.ts";
import { candidates, type Level, levelsOf, type Rule, widerCandidates } from "./rule-index.ts";

/** Of the ties of one route, this many are reported; more would say the same. */
const maxTiesOfOne = 3;

/** Reports each pair of one agent's routes that tie, at the later one. */
export function checkTies(rules: readonly Rule[], report: Report): void {
  const levels = levelsOf(rules);
  for (const level of levels) {
    for (const group of level.groups.values()) {
      for (const rule of group.rules) {
        for (const [other, both] of tiesOf(rule, level, levels)) {
          report(tie(rule.route, other.route, both));
        }
      }
    }
  }
}

/** The first few earlier rules that tie with this one. */
function tiesOf(
  rule: Rule,
  level: Level,
  levels: readonly Level[],
): readonly (readonly [Rule, Conditions])[] {
  const ties: (readonly [Rule, Conditions])[] = [];
  for (const group of level.groups.values()) {
    for (const other of candidates(group, rule.conditions)) {
      if (ties.length === maxTiesOfOne) return ties;
      if (other.order < rule.order && overlap(rule.conditions, other.conditions)) {
        const both = bothOf(rule.conditions, other.conditions);
        if (!isSettled(both, level, levels)) ties.push([other, both]);
      }
    }
  }
  return ties;
}

/** Whether a more specific route takes every call that two routes would both take. */
function isSettled(both: Conditions, level: Level, levels: readonly Level[]): boolean {
  return levels.some(
    (above) =>
      compareSpecificity(above.specificity, level.specificity) < 0 &&
      widerCandidates(above, both).some(({ conditions }) => includes(conditions, both)),
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

function inWords({ agent, claims, headers, models, path, paths }: Conditions): string {
  const asked = [
    ...(path === undefined ? [] : [`the path \`${[...paths][0] ?? path}\``]),
    ...[...headers].map(([name, value]) => `the header \`${name}: ${value}\``),
    ...(models === undefined ? [] : [`the model \`${models[0] ?? ""}\``]),
    ...[...claims].map(([name, values]) => `the claim \`${name}: ${values[0] ?? ""}\``),
  ];
  return `calls to \`${agent}\`${asked.length === 0 ? "" : ` with ${asked.join(" and ")}`}`;
}
