// What has come of a message that is not whole yet: it is held, and so it is counted.

import type { Duplex } from "node:stream";
import type { Room, Share } from "./memory.ts";

/** What each part costs besides its bytes. */
const partBytes = 128;
/** So much may come even where there is no room: enough for all frames but the largest turns. */
const always = 16 * 1024;

/**
 * Counts it.
 *
 * @param raw what the socket is read from
 * @param overfull told who has no room for what has come
 * @returns to be called when a message is whole
 */
export function countIncoming(
  raw: Duplex,
  share: Share,
  overfull: (room: Room) => void,
): () => void {
  let held = 0;
  // Before the library reads the same: what it makes a message of is counted by then.
  raw.prependListener("data", (chunk: Buffer) => {
    const bytes = chunk.length + partBytes;
    held += bytes;
    share.hold(bytes);
    const { room } = share;
    if (held > always && room !== "room") overfull(room);
  });
  return () => {
    share.give(held);
    held = 0;
  };
}
