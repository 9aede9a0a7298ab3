// The end of a caller's token, which ends what it was shown for.

import type { Clock } from "@smartcall/runtime";
import { agentError } from "./agent-error.ts";
import type { Identity } from "./identity.ts";

/** What ends a call, or a conversation, whose token has expired. */
export const tokenExpired = agentError("UNAUTHENTICATED", "the caller's token has expired", {
  reason: "TOKEN_EXPIRED",
});

/** How long one timer waits at most: the time of day may leap while it does. */
const longestWaitMs = 60_000;

/**
 * Calls `act` when the token has expired, at once where it has already.
 *
 * @returns what stops the waiting
 */
export function atExpiry(
  clock: Clock,
  identity: Identity | undefined,
  act: () => void,
): () => void {
  const expires = identity?.expires?.getTime();
  let disarm = (): void => undefined;
  if (expires === undefined) return disarm;
  const wait = (): void => {
    const left = expires - clock.now();
    if (left <= 0) act();
    else disarm = clock.after(Math.min(left, longestWaitMs), wait);
  };
  wait();
  return () => disarm();
}
