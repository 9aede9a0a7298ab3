// What to do about an agent that is named but not listed.

import { closest } from "../schema/closest.ts";

/** The agent that was probably meant, and the line to add otherwise. */
export function unlistedAdvice(agent: string, listed: Iterable<string>): string {
  const meant = closest(agent, listed);
  const add = `add the line \`${agent}: {}\` under \`agents\`.`;
  return meant === undefined
    ? `If it is an agent, ${add}`
    : `Did you mean \`${meant}\`? If not, ${add}`;
}
