// Agents and their instances, for a person to read.

import type { Terminal } from "../up/terminal.ts";
import type { AgentsAnswer, InstanceAnswer } from "./answers.ts";
import { type Cell, cell, spanOf, tableLines } from "./table.ts";

/** The lines: a row for each instance, and one for each listed agent that has none. */
export function showAgents(
  { agents, listed }: AgentsAnswer,
  now: number,
  terminal: Terminal,
): readonly string[] {
  const names = [...new Set([...listed, ...agents.map(({ agent }) => agent)])].sort();
  if (names.length === 0) return ["The mesh lists no agent."];
  const rows = names.flatMap((name) => {
    const instances = agents.filter(({ agent }) => agent === name);
    return instances.length === 0
      ? [[cell(name), { text: "no instance", paint: terminal.yellow }]]
      : instances.map((instance) => row(instance, now, terminal));
  });
  const titles = ["AGENT", "INSTANCE", "ADDRESS", "VERSION", "ZONE", "HEALTH", "LEASE", "SINCE"];
  const head = titles.map((text) => ({ text, paint: terminal.dim }));
  return tableLines([head, ...rows]);
}

function row(of: InstanceAnswer, now: number, { red, yellow }: Terminal): readonly Cell[] {
  const health = of.healthy ? cell("healthy") : { text: "no calls", paint: red };
  const lease = of.lease === "held" ? cell(of.lease) : { text: of.lease, paint: yellow };
  const since = spanOf(now - Date.parse(of.since));
  return [
    cell(of.agent),
    cell(of.instance),
    cell(of.address),
    cell(of.version),
    cell(of.zone),
    health,
    lease,
    cell(since),
  ];
}
