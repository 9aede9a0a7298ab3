// Sends an answer at once, from its first byte to its last.

import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { createHalfAnswers } from "./half-answers.ts";

/**
 * How long is held what has begun and not ended, in milliseconds. Long: an answer takes turns of
 * Node's loop to be written, each as long as whatever else the agent does. Short while a stream
 * begins, which nobody can wait for.
 */
const holdMs = { answer: 250, stream: 10 } as const;
/** How long a stream may be said to begin before it is written, in milliseconds. */
const beginsMs = 250;
/** More than so many bytes are not held. */
const holdBytes = 256 * 1024;

/** The connections of one server. */
export interface WholeAnswers {
  /**
   * The connection for an HTTP/2 server. Node writes the end of an answer a turn of its loop
   * after the rest of it, and an instance may be killed between the two. What has begun at its
   * caller cannot be tried again; so both go out together.
   */
  connection(socket: Socket): Duplex;
  /** The first event of a stream is about to be written. */
  streamBegins(): void;
}

/** No connections yet. */
export function createWholeAnswers(): WholeAnswers {
  const hurries = new Set<() => void>();
  let beganAt = Number.NEGATIVE_INFINITY;
  const wait = (): number =>
    performance.now() - beganAt < beginsMs ? holdMs.stream : holdMs.answer;
  return {
    streamBegins() {
      beganAt = performance.now();
      for (const hurry of hurries) hurry();
    },
    connection: (socket) => connectionOf(socket, hurries, wait),
  };
}

function connectionOf(socket: Socket, hurries: Set<() => void>, wait: () => number): Duplex {
  const half = createHalfAnswers();
  let held: Buffer[] = [];
  let size = 0;
  let turn: NodeJS.Immediate | undefined;
  let late: NodeJS.Timeout | undefined;

  const flush = (): void => {
    clearImmediate(turn);
    clearTimeout(late);
    turn = undefined;
    late = undefined;
    half.letGo();
    const bytes = held;
    held = [];
    size = 0;
    socket.cork();
    for (const part of bytes) socket.write(part);
    socket.uncork();
  };
  const hurry = (): void => {
    if (late === undefined) return;
    clearTimeout(late);
    late = setTimeout(flush, wait());
  };
  hurries.add(hurry);
  const soon = (): void => {
    if (size > holdBytes) {
      flush();
    } else if (half.any()) {
      clearImmediate(turn);
      turn = undefined;
      late ??= setTimeout(flush, wait());
    } else {
      turn ??= setImmediate(flush);
    }
  };
  const take = (parts: readonly Buffer[], done: () => void): void => {
    for (const part of parts) {
      half.note(part);
      held.push(part);
      size += part.length;
    }
    soon();
    // The other end reads no more: so does nobody write.
    if (socket.writableNeedDrain) socket.once("drain", done);
    else done();
  };

  const connection = new Duplex({
    read: () => void socket.resume(),
    write: (chunk: Buffer, _, done) => take([chunk], done),
    writev: (chunks: readonly { readonly chunk: Buffer }[], done) =>
      take(
        chunks.map(({ chunk }) => chunk),
        done,
      ),
    final(done) {
      flush();
      socket.end(done);
    },
    destroy(error, done) {
      hurries.delete(hurry);
      clearImmediate(turn);
      clearTimeout(late);
      socket.destroy();
      done(error);
    },
  });
  socket.on("data", (bytes: Buffer) => {
    if (!connection.push(bytes)) socket.pause();
  });
  socket.on("end", () => connection.push(null));
  socket.on("error", (error) => connection.destroy(error));
  socket.on("close", () => connection.destroy());
  return connection;
}
