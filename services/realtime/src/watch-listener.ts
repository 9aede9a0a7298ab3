// Tells those sockets to come again whose listener was replaced: when it has drained it is cut.

import type { Clock, Log } from "@smartcall/runtime";
import type { Session } from "./socket-session.ts";

/** What watching needs. */
export interface WatchListenerOptions {
  /** Says which listener lets sockets in; undefined where that is not known at present. */
  ask(): Promise<string | undefined>;
  readonly clock: Clock;
  readonly everyMs: number;
  /** Within how many such times all of them are told: not all at once come again. */
  readonly within: number;
  readonly log: Pick<Log, "info" | "error">;
}

/** For so many times after a change the listener of before may still have let some in. */
const lateTimes = 10;

/**
 * Asks which listener lets sockets in, while there are any. Only a change drains those of
 * others: where a gateway cannot take a new one, sockets go on by the one that it has.
 *
 * @returns what stops it
 */
export function watchListener(
  sessions: () => Iterable<Pick<Session, "listener" | "drain">>,
  { ask, clock, everyMs, log, within }: WatchListenerOptions,
): () => void {
  let stopped = false;
  let disarm = (): void => undefined;
  let present: string | undefined;
  let left = 0;
  const told = new WeakSet<object>();
  const look = async (): Promise<void> => {
    const [first] = sessions();
    if (first === undefined) return;
    const listener = await ask();
    if (listener === undefined || stopped) return;
    if (listener !== present) {
      present = listener;
      left = within + lateTimes;
      log.info({ listener }, "the listener of sockets");
    }
    if (left === 0) return;
    left -= 1;
    const others = [...sessions()].filter(
      (session) => session.listener !== listener && !told.has(session),
    );
    const share = Math.ceil(others.length / Math.max(1, left - lateTimes + 1));
    for (const session of others.slice(0, share)) {
      told.add(session);
      session.drain();
    }
  };
  const again = (): void => {
    if (stopped) return;
    disarm = clock.after(everyMs, () => {
      void look()
        .catch((bug: unknown) => log.error({ err: bug }, "a bug"))
        .then(again);
    });
  };
  again();
  return () => {
    stopped = true;
    disarm();
  };
}
