// Speaks HTTP/2 frame by frame (RFC 9113), also what no library would send.
import type { TLSSocket } from "node:tls";
import { connectRaw, type RawServer } from "./raw-http.ts";

/** A frame, read or to be written. */
export interface Frame {
  readonly type: number;
  readonly flags: number;
  readonly stream: number;
  readonly payload: Buffer;
}

export const frameTypes = {
  data: 0,
  headers: 1,
  priority: 2,
  reset: 3,
  settings: 4,
  ping: 6,
  goaway: 7,
  windowUpdate: 8,
  continuation: 9,
} as const;

export const frameFlags = { endStream: 1, ack: 1, endHeaders: 4 } as const;

/** A connection whose preface and first settings are said. */
export interface FrameConnection {
  readonly socket: TLSSocket;
  send(...frames: readonly Buffer[]): void;
  /** All that came, in their order. */
  readonly frames: readonly Frame[];
  readonly closed: () => boolean;
  /** How a stream, or the connection, ended; `silence` where it did not within the patience. */
  ending(stream: number, patienceMs?: number): Promise<Ending>;
}

/** `ok` is an answer with status 200, `refused` one with another. */
export type Ending = "ok" | "refused" | "reset" | "goaway" | "closed" | "silence";

/** Opens it; `settings` is the payload of the first SETTINGS. */
export async function openFrames(
  server: RawServer,
  settings: Buffer = Buffer.alloc(0),
): Promise<FrameConnection> {
  const socket = await connectRaw(server, "h2");
  const frames: Frame[] = [];
  let rest = Buffer.alloc(0);
  let closed = false;
  const looks = new Set<() => void>();
  const look = (): void => {
    for (const each of looks) each();
  };
  socket.on("data", (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= 9) {
      const length = rest.readUIntBE(0, 3);
      if (rest.length < 9 + length) break;
      const [type = 0, flags = 0] = rest.subarray(3, 5);
      const stream = rest.readUInt32BE(5) & 0x7fffffff;
      const read = { type, flags, stream, payload: Buffer.from(rest.subarray(9, 9 + length)) };
      frames.push(read);
      if (type === frameTypes.settings && (flags & frameFlags.ack) === 0 && !socket.destroyed) {
        socket.write(frame(frameTypes.settings, frameFlags.ack, 0));
      }
      rest = rest.subarray(9 + length);
    }
    look();
  });
  const end = (): void => {
    closed = true;
    look();
  };
  socket.on("error", end);
  socket.once("close", end);
  socket.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
  socket.write(frame(frameTypes.settings, 0, 0, settings));
  return {
    socket,
    send: (...sent) => {
      if (!socket.destroyed) socket.write(Buffer.concat(sent));
    },
    frames,
    closed: () => closed,
    ending: (stream, patienceMs = 5_000) =>
      new Promise((resolve) => {
        const finish = (ending: Ending): void => {
          clearTimeout(late);
          looks.delete(check);
          resolve(ending);
        };
        const late = setTimeout(() => finish("silence"), patienceMs);
        const check = (): void => {
          const found = endingOf(frames, stream) ?? (closed ? "closed" : undefined);
          if (found !== undefined) finish(found);
        };
        looks.add(check);
        check();
      }),
  };
}

function endingOf(frames: readonly Frame[], stream: number): Ending | undefined {
  const own = frames.filter((each) => each.stream === stream);
  const head = own.find(({ type }) => type === frameTypes.headers);
  if (head !== undefined) return statusIsOk(head.payload) ? "ok" : "refused";
  if (own.some(({ type }) => type === frameTypes.reset)) return "reset";
  if (frames.some(({ type }) => type === frameTypes.goaway)) return "goaway";
  return undefined;
}

/** `:status: 200` is the eighth of HPACK's static table (RFC 7541). */
function statusIsOk(block: Buffer): boolean {
  const first = block.find((byte) => (byte & 0xe0) !== 0x20);
  return first === 0x88;
}

/** A frame's bytes. */
export function frame(
  type: number,
  flags: number,
  stream: number,
  payload: Buffer = Buffer.alloc(0),
): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** Headers as HPACK literals that enter no table. */
export function headerBlock(headers: readonly (readonly [string, string])[]): Buffer {
  return Buffer.concat(
    headers.flatMap(([name, value]) => [Buffer.from([0]), literal(name), literal(value)]),
  );
}

/** A HEADERS frame that is whole. */
export function headersFrame(
  stream: number,
  headers: readonly (readonly [string, string])[],
  endStream = true,
): Buffer {
  const flags = frameFlags.endHeaders | (endStream ? frameFlags.endStream : 0);
  return frame(frameTypes.headers, flags, stream, headerBlock(headers));
}

/** The payload of a SETTINGS frame. */
export function settingsOf(entries: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(entries.length * 6);
  entries.forEach(([id, value], index) => {
    payload.writeUInt16BE(id, index * 6);
    payload.writeUInt32BE(value, index * 6 + 2);
  });
  return payload;
}

function literal(text: string): Buffer {
  const bytes = Buffer.from(text, "latin1");
  return Buffer.concat([integer(bytes.length), bytes]);
}

/** With a prefix of seven bits (RFC 7541, 5.1). */
function integer(value: number): Buffer {
  if (value < 127) return Buffer.from([value]);
  const bytes = [127];
  let rest = value - 127;
  for (; rest >= 128; rest >>= 7) bytes.push((rest & 127) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
