// How commands write in JSON where a thing comes from.

import type { Origin } from "../source/origin.ts";

/** A thing that knows where an operator wrote it. */
export interface Placed {
  readonly origin: Origin;
}

/** The thing, and all in it, with its place under the name that it has in all that we print: `at`. */
export function withPlace({ origin, ...rest }: Placed): object {
  const inner = Object.entries(rest).map(([key, value]) => [key, placed(value)]);
  return { ...Object.fromEntries(inner), at: origin };
}

function placed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(placed);
  return isPlaced(value) ? withPlace(value) : value;
}

/** A header or a claim may have the name `origin` too, but is then no object. */
function isPlaced(value: unknown): value is Placed {
  return (
    typeof value === "object" &&
    value !== null &&
    "origin" in value &&
    typeof value.origin === "object" &&
    !Array.isArray(value.origin)
  );
}
