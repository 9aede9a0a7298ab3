// Reads no more from a WebSocket while too much waits to be taken.

/** What waits, of all turns of a socket. */
export interface Flow {
  /** Whether the socket is not read. */
  readonly paused: boolean;
  came(size: number): void;
  taken(size: number): void;
  /** A reader has nothing to read: what it waits for may be behind what others do not take. */
  waits(): void;
  waitsNoMore(): void;
}

/** So much may wait, in characters; and from so little on more is read. */
export const much = 1024 * 1024;
const little = much / 2;

/** Nothing waits yet. */
export function createFlow(socket: { pause(): void; resume(): void }): Flow {
  let unread = 0;
  let waiting = 0;
  let paused = false;
  const decide = (): void => {
    const stop = waiting === 0 && unread > (paused ? little : much);
    if (stop === paused) return;
    paused = stop;
    if (stop) socket.pause();
    else socket.resume();
  };
  const count = (characters: number, readers: number): void => {
    unread += characters;
    waiting += readers;
    decide();
  };
  return {
    get paused() {
      return paused;
    },
    came: (size) => count(size, 0),
    taken: (size) => count(-size, 0),
    waits: () => count(0, 1),
    waitsNoMore: () => count(0, -1),
  };
}
