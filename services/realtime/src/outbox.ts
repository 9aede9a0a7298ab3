// What goes to the client, and what happens where the client does not read it.

import type { JsonObject } from "@bufbuild/protobuf";
import type { Clock } from "@smartcall/runtime";

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
export interface Reading {
  /** It has much to read; until `resumed`. */
  paused(): void;
  resumed(): void;
  /** It does not read at all. */
  stuck(): void;
}

/** So much may wait before agents are asked to wait too, in bytes; and from so little on they go on. */
const much = 256 * 1024;
const little = 64 * 1024;
/** More than agents and refusals can add once they wait. */
const most = 16 * 1024 * 1024;
/** How long a client may read nothing, in milliseconds. */
const patienceMs = 30_000;

/** Sends frames in order. */
export function createOutbox(socket: Written, clock: Clock, reading: Reading): Outbox {
  let paused = false;
  let closed = false;
  let disarm = (): void => undefined;
  const arm = (): void => {
    disarm();
    disarm = clock.after(patienceMs, reading.stuck);
  };
  const sent = (): void => {
    if (!paused || closed) return;
    // It reads, though slowly.
    arm();
    if (socket.bufferedAmount > little) return;
    paused = false;
    disarm();
    reading.resumed();
  };
  return {
    send(frame) {
      if (closed) return;
      socket.send(JSON.stringify(frame), sent);
      if (socket.bufferedAmount > most) {
        reading.stuck();
      } else if (!paused && socket.bufferedAmount > much) {
        paused = true;
        arm();
        reading.paused();
      }
    },
    close() {
      closed = true;
      disarm();
    },
  };
}
