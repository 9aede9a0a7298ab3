// Says what goes where and who may, in the order in which routes are tried.

import type { AgentConfig } from "../../config/agent-config.ts";
import type { MeshConfig } from "../../config/index.ts";
import { routesOf } from "../../model/build-routes.ts";
import type { Route } from "../../model/mesh.ts";
import { type CommandEnd, done, ended } from "../exit-codes.ts";
import { readConfig } from "../read-config.ts";
import { type Terminal, terminal } from "../up/terminal.ts";
import { withPlace } from "../with-place.ts";
import { routeLine, routeWords } from "./route-words.ts";

/** Prints the routes of a file or folder; with `json`, one JSON line for each. */
export async function routes(path: string, json: boolean): Promise<CommandEnd> {
  const read = await readConfig(path);
  if (!read.ok) return ended("failed", ...read.problems);
  const found = routesOf(read.config);
  const hidden = hiddenAgents(read.config);
  const screen = terminal(process.stdout, process.env);
  const lines = json
    ? found.map((route) => JSON.stringify(withPlace(withHidden(route, hidden))))
    : routeLines(found, hidden, screen);
  for (const line of lines) screen.say(line);
  return done;
}

/** The agents that only other agents reach. */
export function hiddenAgents({ agents }: MeshConfig): ReadonlySet<string> {
  return new Set([...agents].flatMap(([name, { value }]) => (isHidden(value) ? [name] : [])));
}

/** The lines: each route, each agent's calls that none of its routes takes, all other calls. */
export function routeLines(
  routes: readonly Route[],
  hidden: ReadonlySet<string>,
  { bold, dim }: Pick<Terminal, "bold" | "dim">,
): readonly string[] {
  const lines = routes.flatMap((route, index) => {
    const { file, line } = route.origin;
    const name = bold(`${route.name}:`);
    const { agent } = route.match;
    const words = routeWords(route);
    const inside = { ...words, who: "from other agents only" };
    const whole = routeLine(hidden.has(agent) ? inside : words);
    const said = `${name} ${whole} ${dim(`(${file}:${line})`)}`;
    const isLast = routes[index + 1]?.match.agent !== agent;
    return isLast && !takesAll(route) && !hidden.has(agent)
      ? [said, dim(`  other calls to ${agent}: refused, 403`)]
      : [said];
  });
  const rest =
    "Without a token: 401, where a route needs one. An agent that is hidden or not listed: 404.";
  return [...lines, "", dim(rest)];
}

function isHidden({ expose }: AgentConfig): boolean {
  return expose?.value === false;
}

function withHidden(route: Route, hidden: ReadonlySet<string>) {
  return hidden.has(route.match.agent) ? { ...route, hidden: true } : route;
}

/** Whether every call to the route's agent fits it. */
function takesAll({ match: { claims, headers, models, path } }: Route): boolean {
  return (
    path === undefined &&
    models === undefined &&
    Object.keys(headers).length === 0 &&
    Object.keys(claims).length === 0
  );
}
