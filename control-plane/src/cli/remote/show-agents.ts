// Agents and their instances, for a person to read.

import { printable } from "@smartcall/runtime";
import type { Terminal } from "../up/terminal.ts";
import type { AgentsAnswer, InstanceAnswer, ListedAnswer } from "./answers.ts";
import { type Cell, cell, spanOf, tableLines } from "./table.ts";

/**
 * The lines: a row for each instance that registered itself, each address that
 * the operator wrote, and each agent that has neither; then who calls whom.
 */
export function showAgents(
  { agents, listed }: AgentsAnswer,
  now: number,
  terminal: Terminal,
): readonly string[] {
  const names = [...new Set([...listed, ...agents].map(({ agent }) => agent))].sort();
  if (names.length === 0) return ["The mesh lists no agent."];
  const rows = names.flatMap((name) => {
    const instances = agents.filter(({ agent }) => agent === name);
    const written = listed.filter(({ agent }) => agent === name).flatMap(addressRows);
    const rows = [...instances.map((instance) => row(instance, now, terminal)), ...written];
    return rows.length > 0 ? rows : [[cell(name), { text: "no instance", paint: terminal.yellow }]];
  });
  const titles = [
    "AGENT",
    "INSTANCE",
    "ADDRESS",
    "VERSION",
    "ZONE",
    "HEALTH",
    "LEASE",
    "SINCE",
    "CALLS",
    "LABELS",
  ];
  const head = titles.map((text) => ({ text, paint: terminal.dim }));
  const between = listed.flatMap(betweenAgents).sort();
  return [...tableLines([head, ...rows]), ...(between.length === 0 ? [] : ["", ...between])];
}

function addressRows({ agent, addresses }: ListedAnswer): readonly (readonly Cell[])[] {
  return addresses.map(({ address, from }) => [cell(agent), cell(`(${from})`), cell(address)]);
}

function betweenAgents({ agent, calls, hidden }: ListedAnswer): readonly string[] {
  const name = printable(agent);
  return [
    ...(calls.length === 0 ? [] : [`${name} calls ${calls.map(printable).join(", ")}.`]),
    ...(hidden ? [`${name} is hidden: only other agents reach it.`] : []),
  ];
}

function row(of: InstanceAnswer, now: number, { red, yellow }: Terminal): readonly Cell[] {
  const health = of.healthy ? cell("healthy") : { text: "no calls", paint: red };
  const lease = of.lease === "held" ? cell(of.lease) : { text: of.lease, paint: yellow };
  const { labels = {} } = of;
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
    cell(callsOf(of)),
    cell(
      Object.entries(labels)
        .map(([name, value]) => `${name}=${value}`)
        .join(","),
    ),
  ];
}

/** Those that run, and those that wait beside them, as the instance said last. */
function callsOf({ running, waiting = 0 }: InstanceAnswer): string {
  if (running === undefined) return "";
  return waiting === 0 ? `${running}` : `${running}, ${waiting} wait`;
}
