// Checks which agents call which, and that hidden ones are reached.

import { gatewayName } from "../../source/instance.ts";
import type { MeshConfig, RouteConfig } from "../mesh-config.ts";
import { problem, type Report } from "../problem.ts";
import { checkNamedTwice } from "./named-twice.ts";
import { unlistedAdvice } from "./unlisted-advice.ts";

/** Reports names that stand for others, calls to nobody, hidden agents that nothing reaches, and rules of theirs for callers. */
export function checkAgents(config: MeshConfig, report: Report): void {
  const { agents, flawed } = config;
  for (const [agent, { at, value }] of agents) {
    if (agent === gatewayName) report(problem("SC447", at, { agent }));
    const calls = value.calls ?? [];
    checkNamedTwice(calls, { key: "calls", of: `the agent \`${agent}\`` }, report);
    for (const { at, value: called } of calls) {
      if (called === agent) {
        report(problem("SC436", at, { agent }));
      } else if (!flawed.has("agents") && !agents.has(called)) {
        const advice = unlistedAdvice(called, agents.keys());
        report(problem("SC306", at, { agent, called, advice }));
      }
    }
  }
  checkReached(config, report);
  for (const { value } of config.routes) checkHiddenRoute(value, config, report);
}

function checkReached({ agents, flawed, routes }: MeshConfig, report: Report): void {
  const isKnown =
    !flawed.has("agents") &&
    !flawed.has("routes") &&
    [...agents.values()].every(({ value }) => !value.flawed.has("calls")) &&
    routes.every(({ value }) => ["match", "to", "fallback"].every((key) => !value.flawed.has(key)));
  if (!isKnown) return;
  const reached = new Set([
    ...[...agents].flatMap(([agent, { value }]) =>
      (value.calls ?? []).flatMap((call) => (call.value === agent ? [] : [call.value])),
    ),
    ...routes.flatMap(({ value: { fallback = [], match, to } }) => [
      ...[...(to?.keys() ?? [])].filter((agent) => agent !== match.agent.value),
      ...fallback.map(({ value }) => value),
    ]),
  ]);
  for (const [agent, { value }] of agents) {
    if (value.expose?.value !== false || reached.has(agent)) continue;
    report(problem("SC442", value.expose.at, { agent }));
  }
}

/** What a route says of callers from outside does nothing where they do not come. */
function checkHiddenRoute(route: RouteConfig, { agents }: MeshConfig, report: Report): void {
  const agent = route.match.agent.value;
  if (agents.get(agent)?.value.expose?.value !== false) return;
  const { allow, limits, name } = route;
  const said = {
    allow: allow?.at,
    public: route.public?.at,
    limits: limits?.[0]?.at,
  };
  for (const [key, at] of Object.entries(said)) {
    if (at !== undefined) report(problem("SC443", at, { key, route: name, agent }));
  }
}
