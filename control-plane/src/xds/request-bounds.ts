// How much one stream may ask, so that none takes what the others need.

import type { Rate } from "@smartcall/runtime";
import type { Request } from "./request.ts";

/** How fast requests may come: far more than the answers to all that is ever pushed. */
export const requestRate: Rate = { perSecond: 200, burst: 2_000 };

/** How many names one request may have, or one stream may watch of a type. */
export const mostNames = 100_000;

/** The longest name, or id of a node, in UTF-16 code units. */
export const longestName = 1_024;

/**
 * What is too much in a request, in a sentence; undefined for most.
 *
 * @param watched how many names the stream watches of the type already
 */
export function excessIn(
  { node, subscribe, unsubscribe, initialVersions }: Request,
  watched: number,
): string | undefined {
  const asked = subscribe.length + unsubscribe.length;
  if (Math.max(asked, watched + subscribe.length, initialVersions.size) > mostNames) {
    return `An xDS request may have, and a stream watch, ${mostNames} names of a type.`;
  }
  const texts = [[node?.id ?? "", node?.cluster ?? ""], subscribe, unsubscribe];
  if (texts.some(hasLong) || hasLong(initialVersions.keys())) {
    return `A name in an xDS request may have ${longestName} characters.`;
  }
  return undefined;
}

function hasLong(names: Iterable<string>): boolean {
  for (const name of names) if (name.length > longestName) return true;
  return false;
}
