// What goes to the client, and what happens where the client does not read it.

import type { JsonObject } from "@bufbuild/protobuf";
import type { Clock } from "@smartcall/runtime";
import type { Share } from "./memory.ts";

/** The socket, as far as it is written to. */
export interface Written {
  readonly bufferedAmount: number;
  send(text: string, sent: () => void): void;
}

/** Frames on their way. */
export interface Outbox {
  send(frame: JsonObject): void;
  /** Nothing is sent or told any more. */
  close(): void;
}

/** What is told of the client. */
export interface Unread {
  /** It has much to read; until `resumed`. */
  paused(): void;
  resumed(): void;
  /** It does not read at all. */
  stuck(): void;
}

/** So much may wait before agents are asked to wait too, in bytes; and from so little on they go on. */
const much = 256 * 1024;
const little = 64 * 1024;
/** The same where no room is left: a few frames. */
const littleWithoutRoom = 8 * 1024;

/** Sends frames in order. */
export function createOutbox(
  socket: Written,
  unread: Unread,
  {
    clock,
    patienceMs,
    share,
  }: {
    readonly clock: Clock;
    /** How long a client may read nothing, in milliseconds. */
    readonly patienceMs: number;
    readonly share: Share;
  },
): Outbox {
  let paused = false;
  let closed = false;
  let disarm = (): void => undefined;
  const arm = (): void => {
    disarm();
    disarm = clock.after(patienceMs, unread.stuck);
  };
  const sent = (): void => {
    if (!paused || closed) return;
    // It reads, though slowly.
    arm();
    if (socket.bufferedAmount > little) return;
    paused = false;
    disarm();
    unread.resumed();
  };
  return {
    send(frame) {
      if (closed) return;
      const text = JSON.stringify(frame);
      const bytes = Buffer.byteLength(text);
      share.hold(bytes);
      socket.send(text, () => {
        share.give(bytes);
        sent();
      });
      const enough = share.room === "room" ? much : littleWithoutRoom;
      if (paused || socket.bufferedAmount <= enough) return;
      paused = true;
      arm();
      unread.paused();
    },
    close() {
      closed = true;
      disarm();
    },
  };
}
