// Notices that nobody is at the other end of a WebSocket any more.
import type { Clock } from "../clock.ts";

/** A watch over a socket. */
export interface KeepAlive {
  /** Something came. */
  heard(): void;
  stop(): void;
}

/** What is done in a silence. */
export interface Silence {
  /** Whether nothing can come, for nothing is read. */
  deaf(): boolean;
  ask(): void;
  gone(): void;
}

/** How long a silence may last before the other end is asked, and then again, in milliseconds. */
export const silenceMs = 30_000;

/** Begins to watch. */
export function keepAlive(clock: Clock, { ask, deaf, gone }: Silence): KeepAlive {
  let heard = true;
  let asked = false;
  let disarm = (): void => undefined;
  const look = (): void => {
    if (heard || deaf()) asked = false;
    else if (asked) {
      gone();
      return;
    } else {
      asked = true;
      ask();
    }
    heard = false;
    disarm = clock.after(silenceMs, look);
  };
  look();
  return {
    heard() {
      heard = true;
    },
    stop: () => disarm(),
  };
}
