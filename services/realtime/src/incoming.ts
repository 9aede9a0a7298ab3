// What has come of a message that is not whole yet: it is held, and so it is counted.

import type { Duplex } from "node:stream";
import type { Room, Share } from "./memory.ts";

/** What each part costs besides its bytes. */
const partBytes = 128;
/** So much may come even where there is no room: enough for all frames but the largest turns. */
const always = 16 * 1024;
/** What a ping or pong of a client has besides its payload (RFC 6455, section 5.2). */
const headBytes = 6;

/** What is told of what was read. */
export interface Incoming {
  /** A message is whole: nothing of it is held any more. */
  whole(): void;
  /**
   * A ping or a pong was read: it is held no longer, but what has come of a message is. Of pongs
   * that wait for a client which does not read them, the library holds 60, and then cuts it.
   */
  beat(payload: Buffer): void;
}

/**
 * Counts it.
 *
 * @param raw what the socket is read from
 * @param overfull told who has no room for what has come
 */
export function countIncoming(raw: Duplex, share: Share, overfull: (room: Room) => void): Incoming {
  let bytes = 0;
  let costs = 0;
  // Before the library reads the same: what it makes a message of is counted by then.
  raw.prependListener("data", (chunk: Buffer) => {
    bytes += chunk.length;
    costs += partBytes;
    share.hold(chunk.length + partBytes);
    const { room } = share;
    if (bytes + costs > always && room !== "room") overfull(room);
  });
  const give = (read: number): void => {
    bytes -= read;
    share.give(read);
    if (bytes > 0) return;
    share.give(costs);
    costs = 0;
  };
  return {
    whole: () => give(bytes),
    // It may have come in one part with the message before it, with which it was given back.
    beat: (payload) => give(Math.min(bytes, payload.length + headBytes)),
  };
}
