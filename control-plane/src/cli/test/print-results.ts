// Shows what became of cases: to people, and as JSON lines to programs.

import type { Route } from "../../model/mesh.ts";
import type { Origin } from "../../source/origin.ts";
import type { Terminal } from "../up/terminal.ts";
import type { CaseResult } from "./run-cases.ts";

/** One line for each case; those that failed with what was expected, what came, and where both are written. */
export function printResults(results: readonly CaseResult[], screen: Terminal): void {
  for (const { case: one, outcome, wrong } of results) {
    if (wrong === undefined) {
      const by = "route" in outcome ? outcome.route?.name : undefined;
      screen.good(`${one.name}${by === undefined ? "" : screen.dim(`  ${by}`)}`);
      continue;
    }
    screen.bad(screen.bold(one.name));
    screen.say(`      expected  ${wrong.expected} ${screen.dim(place(one.expect.at))}`);
    const at = "route" in outcome ? outcome.route?.origin : undefined;
    screen.say(`      got       ${wrong.got}${at ? ` ${screen.dim(place(at))}` : ""}`);
  }
}

/** The last line. */
export function summary(results: readonly CaseResult[]): string {
  const failed = results.filter(({ wrong }) => wrong !== undefined).length;
  return `${results.length - failed} passed, ${failed} failed`;
}

/** One case as a line of JSON. */
export function jsonLine({ case: one, outcome, wrong }: CaseResult): string {
  const { route, ...came } = { route: undefined, ...outcome };
  return JSON.stringify({
    case: one.name,
    at: one.at,
    passed: wrong === undefined,
    ...(wrong && { expected: wrong.expected }),
    got: { ...came, ...(route && routeOf(route)) },
  });
}

function routeOf({ name, origin }: Route): { readonly route: object } {
  return { route: { name, at: origin } };
}

function place({ file, line }: Origin): string {
  return `(${file}:${line})`;
}
