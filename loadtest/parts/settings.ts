// What a script is told by its environment.
import { fail } from "k6";

/** Such as `https://localhost:8443`. */
export const url = __ENV["SMARTCALL_URL"] ?? fail("SMARTCALL_URL is not set");

/** A token that may call agents. */
export const token = __ENV["SMARTCALL_TOKEN"] ?? fail("SMARTCALL_TOKEN is not set");

/** The repository's folder, where the descriptors of our contract are. */
export const root = __ENV["SMARTCALL_ROOT"] ?? ".";

/** How long the load lasts, in seconds: as it was told, or else so many. */
export function secondsOr(usual: number): number {
  return Number(__ENV["SMARTCALL_SECONDS"] ?? usual);
}
