// Asks a control plane for one page and shows it.

import { type CommandEnd, done } from "../exit-codes.ts";
import { type Terminal, terminal } from "../up/terminal.ts";
import { isAgentsAnswer, isNodesAnswer } from "./answers.ts";
import { getJson } from "./get-json.ts";
import { findServer } from "./server.ts";
import type { ServerSettings } from "./server-settings.ts";
import { showAgents } from "./show-agents.ts";
import { showNodes } from "./show-nodes.ts";

/** Prints the gateways and how far they are; with `json`, what the control plane said. */
export function nodes(settings: ServerSettings, json: boolean): Promise<CommandEnd> {
  return showPage(settings, json, { path: "/nodes", isOne: isNodesAnswer, show: showNodes });
}

/** Prints the agents and their instances; with `json`, what the control plane said. */
export function agents(settings: ServerSettings, json: boolean): Promise<CommandEnd> {
  return showPage(settings, json, { path: "/agents", isOne: isAgentsAnswer, show: showAgents });
}

interface Page<T> {
  readonly path: string;
  isOne(value: unknown): value is T;
  show(value: T, now: number, terminal: Terminal): readonly string[];
}

async function showPage<T>(
  settings: ServerSettings,
  json: boolean,
  { path, isOne, show }: Page<T>,
): Promise<CommandEnd> {
  const found = await findServer(settings);
  if (!found.ok) return found.end;
  const got = await getJson(found.server, path, isOne);
  if (!got.ok) return got.end;
  const screen = terminal(process.stdout, process.env);
  const lines = json ? [JSON.stringify(got.value)] : show(got.value, Date.now(), screen);
  for (const line of lines) screen.say(line);
  return done;
}
