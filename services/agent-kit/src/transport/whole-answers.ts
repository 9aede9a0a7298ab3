// A connection that sends an answer at once, from its first byte to its last.

import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { createHalfAnswers } from "./half-answers.ts";

/**
 * How long is held what has begun and not ended, in milliseconds. Long: an answer takes turns of
 * Node's loop to be written, each as long as whatever else the agent does.
 */
const holdMs = 250;
/** More than so many bytes are not held. */
const holdBytes = 256 * 1024;

/**
 * A connection for an HTTP/2 server. Node writes the end of an answer a turn of its loop
 * after the rest of it, and an instance may be killed between the two. What has begun at its
 * caller cannot be tried again; so both go out together.
 */
export interface Connection {
  /** What the server reads and writes. */
  readonly duplex: Duplex;
  /** The answer on this stream goes out as it is written. */
  inParts(stream: number): void;
  /** The stream has closed. */
  over(stream: number): void;
}

export function createConnection(socket: Socket): Connection {
  const half = createHalfAnswers();
  let held: Buffer[] = [];
  let size = 0;
  let heldSince = 0;
  let late: NodeJS.Timeout | undefined;

  const flush = (): void => {
    const [first] = held;
    if (first === undefined) return;
    const bytes = held.length === 1 ? first : Buffer.concat(held, size);
    held = [];
    size = 0;
    if (!socket.destroyed) socket.write(bytes);
  };
  const tooLate = (): void => {
    late = undefined;
    if (held.length === 0) return;
    const left = heldSince + holdMs - performance.now();
    if (left > 0) {
      late = setTimeout(tooLate, left);
      return;
    }
    half.letGo();
    flush();
  };
  const soon = (): void => {
    if (half.any() && size <= holdBytes) {
      // One timer at a time, which looks when it fires: few answers are ever late.
      late ??= setTimeout(tooLate, holdMs);
      return;
    }
    half.letGo();
    flush();
  };
  const duplex = new Wire(socket, {
    take(part) {
      if (held.length === 0) heldSince = performance.now();
      half.note(part);
      held.push(part);
      size += part.length;
    },
    taken: soon,
    end() {
      half.letGo();
      flush();
      clearTimeout(late);
    },
  });
  socket.on("data", (bytes: Buffer) => {
    if (!duplex.push(bytes)) socket.pause();
  });
  socket.on("end", () => duplex.push(null));
  socket.on("error", (error) => duplex.destroy(error));
  socket.on("close", () => duplex.destroy());
  return {
    duplex,
    inParts: (stream) => half.inParts(stream),
    over(stream) {
      half.over(stream);
      soon();
    },
  };
}

type Done = (error?: Error | null) => void;

/** Where written bytes go. */
interface Sink {
  take(part: Buffer): void;
  /** They are all there is in this turn. */
  taken(): void;
  /** Nothing comes any more. */
  end(): void;
}

/**
 * What an HTTP/2 server takes for a socket. It writes many small parts, corked: a Writable's own
 * queue of them would cost more than what is done with them.
 */
class Wire extends Duplex {
  readonly #socket: Socket;
  readonly #sink: Sink;
  #corked = 0;
  #waiting: Done[] = [];

  constructor(socket: Socket, sink: Sink) {
    super();
    this.#socket = socket;
    this.#sink = sink;
  }

  override write(part: Buffer, after?: BufferEncoding | Done, done?: Done): boolean {
    this.#sink.take(part);
    const then = typeof after === "function" ? after : done;
    if (then !== undefined) this.#waiting.push(then);
    if (this.#corked === 0) this.#taken();
    return true;
  }

  override cork(): void {
    this.#corked += 1;
  }

  override uncork(): void {
    if (--this.#corked === 0) this.#taken();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _final(done: Done): void {
    this.#sink.end();
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: Done): void {
    this.#sink.end();
    this.#socket.destroy();
    done(error);
  }

  #taken(): void {
    this.#sink.taken();
    const waiting = this.#waiting;
    this.#waiting = [];
    const go = (): void => {
      for (const done of waiting) done();
    };
    // The other end reads no more: so does nobody write.
    if (this.#socket.writableNeedDrain) this.#socket.once("drain", go);
    else go();
  }
}
