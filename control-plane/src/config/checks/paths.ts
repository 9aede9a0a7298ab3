// Finds routes that can never match because of their path.

import { agentService, callPathsOf, socketPathOf } from "../call-paths.ts";
import { comparePaths, includesRest } from "../conditions.ts";
import { placeOf, problem, type Report } from "../problem.ts";
import { type Level, levelsOf, type Rule, widerCandidates } from "./rule-index.ts";

/** Reports each of one agent's routes that no call can reach because of paths; gives the others. */
export function checkPaths(rules: readonly Rule[], report: Report): readonly Rule[] {
  const [first] = rules;
  // With no paths asked for, none comes before another by its path.
  if (first === undefined || rules.every(({ conditions }) => conditions.path === undefined)) {
    return rules;
  }
  const levels = levelsOf(rules);
  const paths = callPathsOf(first.conditions.agent).map(({ path }) => `\`${path}\``);
  return rules.filter((rule) => {
    const { conditions, route } = rule;
    if (conditions.paths.size > 0 || route.match.path === undefined) {
      return !isShadowed(rule, levels, report);
    }
    const reason = `no call to \`${conditions.agent}\` has the path \`${route.match.path.value}\``;
    const advice =
      route.match.path.value === socketPathOf(conditions.agent)
        ? `A turn of a WebSocket is a call with the path \`/${agentService}/Stream\`.`
        : `Its calls have the paths ${paths.join(", ")}.`;
    report(problem("SC402", route.match.path.at, { route: route.name, reason, advice }));
    return false;
  });
}

/** Of two routes that ask for as much besides, the one with the more exact path takes the call. */
function isShadowed(
  { conditions, route }: Rule,
  levels: readonly Level[],
  report: Report,
): boolean {
  const takers = new Set<Rule>();
  for (const path of conditions.paths) {
    const taker = takerOf(path, conditions, levels);
    if (taker === undefined) return false;
    takers.add(taker);
  }
  if (takers.size === 0) return false;
  const names = [...takers]
    .sort((a, b) => a.order - b.order)
    .map((taker) => `\`${taker.route.name}\` (${placeOf(taker.route.at, route.at)})`);
  const reason =
    names.length === 1
      ? `by its path ${names.join("")} comes first, and takes every call that it asks for`
      : `by their paths ${names.join(" and ")} come first, and take every call that it asks for`;
  const advice = "Remove it, or ask for more where the path is more exact.";
  report(problem("SC402", route.at, { route: route.name, reason, advice }));
  return true;
}

function takerOf(
  path: string,
  conditions: Rule["conditions"],
  levels: readonly Level[],
): Rule | undefined {
  for (const level of levels) {
    if (comparePaths(level.specificity, conditions) >= 0) return undefined;
    const taker = widerCandidates(level, conditions).find(
      (rule) => rule.conditions.paths.has(path) && includesRest(rule.conditions, conditions),
    );
    if (taker !== undefined) return taker;
  }
  return undefined;
}
