// Says what goes where and who may, in the order in which routes are tried.

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
  const screen = terminal(process.stdout, process.env);
  const lines = json
    ? found.map((route) => JSON.stringify(withPlace(route)))
    : routeLines(found, screen);
  for (const line of lines) screen.say(line);
  return done;
}

/** The lines: each route, each agent's calls that none of its routes takes, all other calls. */
export function routeLines(
  routes: readonly Route[],
  { bold, dim }: Pick<Terminal, "bold" | "dim">,
): readonly string[] {
  const lines = routes.flatMap((route, index) => {
    const { file, line } = route.origin;
    const name = bold(`${route.name}:`);
    const said = `${name} ${routeLine(routeWords(route))} ${dim(`(${file}:${line})`)}`;
    const { agent } = route.match;
    const isLast = routes[index + 1]?.match.agent !== agent;
    return isLast && !takesAll(route)
      ? [said, dim(`  other calls to ${agent}: refused, 403`)]
      : [said];
  });
  const rest = "Without a token: 401, where a route needs one. An agent that is not listed: 404.";
  return [...lines, "", dim(rest)];
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
