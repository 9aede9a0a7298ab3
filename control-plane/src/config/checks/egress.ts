// Checks the hosts outside the mesh: whose they are, and where their keys come from.

import type { EgressConfig } from "../egress-config.ts";
import type { MeshConfig } from "../mesh-config.ts";
import { placeOf, problem, type Report } from "../problem.ts";
import { checkNamedTwice } from "./named-twice.ts";
import { unlistedAdvice } from "./unlisted-advice.ts";

/** Reports hosts for agents that are not there, names that two have, and keys from nowhere. */
export function checkEgress({ agents, egress, flawed }: MeshConfig, report: Report): void {
  const first = new Map<string, EgressConfig>();
  for (const each of egress) {
    const { agents: those = [], at, name } = each;
    const earlier = first.get(name);
    if (earlier === undefined) {
      if (!each.flawed.has("name")) first.set(name, each);
    } else if (!each.flawed.has("name")) {
      report(problem("SC444", at, { egress: name, place: placeOf(earlier.at, at) }));
    }
    checkNamedTwice(those, { key: "agents", of: `the egress \`${name}\`` }, report);
    for (const { at: there, value: agent } of those) {
      if (flawed.has("agents") || agents.has(agent)) continue;
      const advice = unlistedAdvice(agent, agents.keys());
      report(problem("SC308", there, { egress: name, agent, advice }));
    }
    checkKey(each, report);
  }
}

function checkKey(egress: EgressConfig, report: Report): void {
  const { flawed, header, key, name, prefix } = egress;
  if (flawed.has("key") && key === undefined) return;
  if (key === undefined) {
    for (const [what, said] of Object.entries({ header, prefix })) {
      if (said !== undefined) report(problem("SC446", said.at, { key: what, egress: name }));
    }
    return;
  }
  const isKnown = !key.flawed.has("env") && !key.flawed.has("file");
  if (isKnown && (key.env === undefined) === (key.file === undefined)) {
    const found = key.env === undefined ? "neither `env` nor `file`" : "both `env` and `file`";
    report(problem("SC445", key.at, { egress: name, found }));
  }
}
