// How commands write in JSON where a thing comes from.

import type { Origin } from "../source/origin.ts";

/** A thing that knows where an operator wrote it. */
export interface Placed {
  readonly origin: Origin;
}

/** The thing with its place under the name that it has in all that we print: `at`. */
export function withPlace({ origin, ...rest }: Placed): object {
  return { ...rest, at: origin };
}
