// Asks now and then whether the tokens of open sockets are still taken: one may be revoked.

import type { Clock, Log } from "@smartcall/runtime";
import type { Gateway } from "./gateway.ts";
import type { Session } from "./socket-session.ts";
import type { ShownToken } from "./token.ts";

/** What watching needs. */
export interface WatchOptions {
  readonly clock: Clock;
  readonly everyMs: number;
  readonly log: Pick<Log, "error">;
}

/** Asks for each token once, however many sockets have it. Gives what stops it. */
export function watchTokens(
  sessions: () => Iterable<Pick<Session, "token" | "revoke">>,
  gateway: Pick<Gateway, "verdictOn">,
  { clock, everyMs, log }: WatchOptions,
): () => void {
  let stopped = false;
  let disarm = (): void => undefined;
  const round = async (): Promise<void> => {
    const tokens = new Map<string, ShownToken>();
    for (const { token } of sessions()) if (token !== undefined) tokens.set(keyOf(token), token);
    // One after another: nobody waits for it, and it must not be felt.
    for (const [key, token] of tokens) {
      if (stopped) return;
      try {
        if ((await gateway.verdictOn(token)) !== "refused") continue;
        for (const session of sessions()) {
          if (session.token !== undefined && keyOf(session.token) === key) session.revoke();
        }
      } catch (bug) {
        // A bug that one token meets keeps no other from being asked after.
        log.error({ err: bug }, "a bug");
      }
    }
  };
  const again = (): void => {
    if (stopped) return;
    disarm = clock.after(everyMs, () => {
      void round().then(again);
    });
  };
  again();
  return () => {
    stopped = true;
    disarm();
  };
}

/** Each socket has an object of its own for the same token. */
function keyOf({ header, value }: ShownToken): string {
  return `${header} ${value}`;
}
