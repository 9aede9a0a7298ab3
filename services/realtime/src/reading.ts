// Whether a client is read from, and whether it is there: one that is not read is not asked.

import type { Clock } from "@smartcall/runtime";

/** Why a client is not read from: it says too much, or does not read itself. */
export type Hindrance = "frames" | "unread";

/** The socket, as far as it is read from. */
export interface Read {
  pause(): void;
  resume(): void;
  ping(): void;
}

/** Reads a socket, but for hindrances. */
export interface Reading {
  hinder(why: Hindrance): void;
  /** Reads on, unless something else hinders it. */
  free(why: Hindrance): void;
  /** The client has said something. */
  heard(): void;
  /** No longer asks whether the client is there. */
  stop(): void;
}

/**
 * Asks the client every so often whether it is there.
 *
 * @param gone told once where it has not answered when it is to be asked again; no time counts
 *   in which its answer could not be read
 */
export function createReading(
  socket: Read,
  { clock, everyMs, gone }: { readonly clock: Clock; readonly everyMs: number; gone(): void },
): Reading {
  const hindered = new Set<Hindrance>();
  let answered = true;
  let disarm = (): void => undefined;
  const ask = (): void => {
    if (!answered) {
      gone();
      return;
    }
    answered = false;
    socket.ping();
    disarm = clock.after(everyMs, ask);
  };
  const begin = (): void => {
    answered = true;
    disarm = clock.after(everyMs, ask);
  };
  begin();
  return {
    hinder(why) {
      if (hindered.size === 0) {
        disarm();
        socket.pause();
      }
      hindered.add(why);
    },
    free(why) {
      if (!hindered.delete(why) || hindered.size > 0) return;
      socket.resume();
      begin();
    },
    heard() {
      answered = true;
    },
    stop: () => disarm(),
  };
}
