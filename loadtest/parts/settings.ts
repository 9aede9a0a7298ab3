// What a script is told by its environment.
import { fail } from "k6";

/** Such as `https://localhost:8443`. */
export const url = __ENV["SMARTCALL_URL"] ?? fail("SMARTCALL_URL is not set");

/** A token that may call agents. */
export const token = __ENV["SMARTCALL_TOKEN"] ?? fail("SMARTCALL_TOKEN is not set");

/** How long the load lasts: as it was told, or else so many seconds. */
export function secondsOr(usual: number): number {
  return Number(__ENV["SMARTCALL_SECONDS"] ?? usual);
}
