// One call with one request, on its HTTP/2 stream: what grpc-js does for calls of any kind, at
// less cost for those of which an agent has most.
//
// https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md#responses

import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Stream } from "node:http2";
import { Metadata, type StatusObject, status } from "@grpc/grpc-js";
import { callerLeft } from "../failure.ts";
import { largestMessage } from "../largest-message.ts";
import type { Sent } from "../sent.ts";
import { createStop, type StopSignal } from "../stop.ts";
import { prefixLength, readMessage, readTimeout } from "./read-message.ts";
import type { Connection } from "./whole-answers.ts";

/** A call whose request has come whole. */
export interface AskedCall {
  readonly sent: Sent;
  readonly request: Buffer;
  /** In milliseconds since 1970; infinite where it may take for ever. */
  readonly deadline: number;
  /** Aborts when the caller leaves before its answer has ended. */
  readonly signal: StopSignal;
  /** One message of the answer. False where there is no room for more: see `room`. */
  write(message: Uint8Array): boolean;
  /** Resolves when there is room again, and also when the caller has left or its time is up. */
  room(): Promise<void>;
  /** The end. It leaves together with all that was written in the same turn of Node's loop. */
  end(trailers: OutgoingHttpHeaders): void;
  /** An end that is not well. */
  fail(why: StatusObject): void;
}

const headers = {
  ":status": 200,
  "content-type": "application/grpc+proto",
  "grpc-accept-encoding": "identity,deflate,gzip",
  "grpc-encoding": "identity",
} as const;
const withTrailers = { waitForTrailers: true } as const;
const ok = { "grpc-status": status.OK, "grpc-message": "OK" } as const;

/** Reads the call, and hands it on where it can be answered. */
export function takeCall(
  stream: ServerHttp2Stream,
  sent: IncomingHttpHeaders,
  connection: Connection,
  serve: (call: AskedCall) => void,
): void {
  const chunks: Buffer[] = [];
  const most = prefixLength + largestMessage;
  let size = 0;
  const call = new StreamCall(stream, sent, connection);
  stream.on("error", nothing);
  stream.on("close", () => call.closed());
  stream.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= most) chunks.push(chunk);
  });
  stream.on("end", () => {
    const timeout = sent["grpc-timeout"];
    if (typeof timeout === "string") {
      const deadline = readTimeout(timeout, Date.now());
      if (deadline === undefined) {
        call.refuse(status.INTERNAL, `the header grpc-timeout says ${timeout}`);
        return;
      }
      call.deadline = deadline;
    }
    if (size > most) {
      call.refuse(status.RESOURCE_EXHAUSTED, `a message may have ${largestMessage} bytes`);
      return;
    }
    const [first] = chunks;
    const bytes = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks);
    const read = readMessage(bytes, sent["grpc-encoding"]);
    if (Buffer.isBuffer(read)) {
      call.request = read;
      serve(call);
    } else call.refuse(read.code, read.details);
  });
}

function nothing(): void {
  // A stream that fails is closed next.
}

class StreamCall implements AskedCall {
  readonly sent: Sent;
  request: Buffer = none;
  deadline = Number.POSITIVE_INFINITY;
  readonly signal = createStop();
  readonly #stream: ServerHttp2Stream;
  readonly #id: number;
  readonly #connection: Connection;
  #frames: Buffer[] = [];
  #size = 0;
  #turn: NodeJS.Immediate | undefined;
  #soon = false;
  #begun = false;
  #ended = false;

  constructor(stream: ServerHttp2Stream, sent: IncomingHttpHeaders, connection: Connection) {
    this.#stream = stream;
    this.#id = stream.id ?? 0;
    this.#connection = connection;
    this.sent = {
      get(key) {
        const value = sent[key];
        return typeof value === "string" ? [value] : (value ?? []);
      },
    };
  }

  write(message: Uint8Array): boolean {
    const frame = frameOf(message);
    this.#frames.push(frame);
    this.#size += frame.length;
    // An answer that is whole within a turn leaves whole; later events wait for no turn.
    if (!this.#begun) this.#turn ??= setImmediate(this.#send);
    else if (!this.#soon) {
      this.#soon = true;
      process.nextTick(this.#send);
    }
    return this.#size + this.#stream.writableLength < this.#stream.writableHighWaterMark;
  }

  async room(): Promise<void> {
    this.#send();
    const stream = this.#stream;
    if (!stream.writableNeedDrain || this.signal.aborted) return;
    await new Promise<void>((resolve) => {
      const go = (): void => {
        clearTimeout(timer);
        stream.off("drain", go);
        this.signal.removeEventListener("abort", go);
        resolve();
      };
      const left = Math.min(this.deadline - Date.now(), longestTimerMs);
      const timer = setTimeout(go, left);
      stream.once("drain", go);
      this.signal.addEventListener("abort", go);
    });
  }

  end(trailers: OutgoingHttpHeaders): void {
    this.#finish({ ...ok, ...trailers });
  }

  fail({ code, details, metadata }: StatusObject): void {
    const trailers = {
      "grpc-status": code,
      "grpc-message": encodeURI(details),
      ...metadata.toHttp2Headers(),
    };
    if (this.#begun || this.#frames.length > 0) {
      this.#finish(trailers);
    } else if (this.#open()) {
      this.#ended = true;
      const { ":status": fine, "content-type": type } = headers;
      this.#stream.respond(
        { ":status": fine, "content-type": type, ...trailers },
        { endStream: true },
      );
    }
  }

  /** For what is no call that could be answered. */
  refuse(code: status, details: string): void {
    this.fail({ code, details, metadata: new Metadata() });
  }

  closed(): void {
    clearImmediate(this.#turn);
    this.#connection.over(this.#id);
    if (!this.#ended) this.signal.abort(callerLeft);
    this.#ended = true;
  }

  readonly #send = (): void => {
    this.#turn = undefined;
    this.#soon = false;
    if (this.#frames.length === 0 || !this.#open()) return;
    if (!this.#begun) {
      // From here on its caller has a part of it, so the rest need not be waited for.
      this.#connection.inParts(this.#id);
      this.#begin();
    }
    this.#stream.write(this.#taken());
  };

  #finish(trailers: OutgoingHttpHeaders): void {
    if (!this.#open()) return;
    this.#ended = true;
    clearImmediate(this.#turn);
    if (!this.#begun) this.#begin();
    this.#stream.once("wantTrailers", () => this.#stream.sendTrailers(trailers));
    if (this.#frames.length > 0) this.#stream.end(this.#taken());
    else this.#stream.end();
  }

  #begin(): void {
    this.#begun = true;
    this.#stream.respond(headers, withTrailers);
  }

  #taken(): Buffer {
    const frames = this.#frames;
    const [first] = frames;
    this.#frames = [];
    this.#size = 0;
    return frames.length === 1 && first !== undefined ? first : Buffer.concat(frames);
  }

  #open(): boolean {
    return !this.#ended && !this.#stream.destroyed && !this.#stream.closed;
  }
}

const none = Buffer.alloc(0);
const longestTimerMs = 0x7fffffff;

function frameOf(message: Uint8Array): Buffer {
  const frame = Buffer.allocUnsafe(prefixLength + message.length);
  frame[0] = 0;
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, prefixLength);
  return frame;
}
