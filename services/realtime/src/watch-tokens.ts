// Asks now and then whether the tokens of open sockets are still taken: one may be revoked.

import type { Clock } from "@smartcall/runtime";
import type { Gateway } from "./gateway.ts";
import type { Session } from "./socket-session.ts";

/** Asks for each token once, however many sockets have it. Gives what stops it. */
export function watchTokens(
  sessions: () => Iterable<Pick<Session, "token" | "revoke">>,
  gateway: Pick<Gateway, "verdictOn">,
  { clock, everyMs }: { readonly clock: Clock; readonly everyMs: number },
): () => void {
  let stopped = false;
  let disarm = (): void => undefined;
  const round = async (): Promise<void> => {
    const byToken = new Map<string, Pick<Session, "token" | "revoke">[]>();
    for (const session of sessions()) {
      const { token } = session;
      if (token === undefined) continue;
      const key = `${token.header} ${token.value}`;
      byToken.set(key, [...(byToken.get(key) ?? []), session]);
    }
    // One after another: nobody waits for it, and it must not be felt.
    for (const holders of byToken.values()) {
      const token = holders[0]?.token;
      if (stopped || token === undefined) continue;
      if ((await gateway.verdictOn(token)) !== "refused") continue;
      for (const session of holders) if (session.token === token) session.revoke();
    }
  };
  const again = (): void => {
    if (stopped) return;
    disarm = clock.after(everyMs, () => {
      // The gateway's answers are values: a round never fails.
      round().then(again, again);
    });
  };
  again();
  return () => {
    stopped = true;
    disarm();
  };
}
