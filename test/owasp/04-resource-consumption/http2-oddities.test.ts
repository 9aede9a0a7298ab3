// API4:2023: frames of HTTP/2 that no good client sends, and far too many of those that it does.
import { expect } from "chai";
import { residentMegabytes } from "../../bench/process-cost.ts";
import {
  type Ending,
  type FrameConnection,
  frame,
  frameFlags,
  frameTypes,
  headerBlock,
  headersFrame,
  openFrames,
  settingsOf,
} from "../../harness/http2-frames.ts";
import { asking } from "../../harness/rest.ts";
import { type Attacked, attacked } from "../attacked.ts";

type Header = readonly [string, string];

const body = Buffer.from(JSON.stringify(asking("hello")));

describe("OWASP API4: oddities and floods of HTTP/2", function () {
  this.timeout(60_000);
  let mesh: Attacked;
  let token: string;
  before(async () => {
    mesh = await attacked();
    token = mesh.gateway.token();
  });
  // Whatever one client does, others are served.
  afterEach(async () => {
    expect((await mesh.call()).status).to.equal(200);
    process.kill(mesh.gateway.pid, 0);
  });

  const head = (more: readonly Header[] = [], path = "/v1/agents/echo:invoke"): Header[] => [
    [":method", "POST"],
    [":scheme", "https"],
    [":authority", "localhost"],
    [":path", path],
    ["content-type", "application/json"],
    ["authorization", `Bearer ${token}`],
    ...more,
  ];
  const data = (stream: number): Buffer =>
    frame(frameTypes.data, frameFlags.endStream, stream, body);
  /** One call with these headers. */
  const ends = async (headers: readonly Header[]): Promise<Ending> => {
    const connection = await openFrames(mesh.gateway);
    connection.send(headersFrame(1, headers, false), data(1));
    const ending = await connection.ending(1);
    connection.socket.destroy();
    return ending;
  };

  it("a call, frame by frame, is answered", async () => {
    expect(await ends(head())).to.equal("ok");
  });

  const odd: Readonly<Record<string, () => readonly Header[]>> = {
    "two paths": () => [
      ...head().slice(0, 4),
      [":path", "/v1/agents/vault:invoke"],
      ...head().slice(4),
    ],
    "two methods": () => [[":method", "GET"], ...head()],
    "two authorities": () => [[":authority", "vault"], ...head()],
    "no path": () => head().filter(([name]) => name !== ":path"),
    "an empty path": () => head([], ""),
    "no method": () => head().filter(([name]) => name !== ":method"),
    "a pseudo header of answers": () => [[":status", "200"], ...head()],
    "an unknown pseudo header": () => [[":agent", "vault"], ...head()],
    "a pseudo header after others": () => head([[":path", "/v1/agents/vault:invoke"]]),
    "a name in upper case": () => head([["Smartcall-Agent", "vault"]]),
    "a name with a space": () => head([["smartcall agent", "vault"]]),
    "an empty name": () => head([["", "vault"]]),
    "a value with a line break": () => head([["x-a", "b\r\nsmartcall-agent: vault"]]),
    "a value with a NUL": () => head([["x-a", "b\u0000c"]]),
    "a path with a line break": () => head([], "/v1/agents/echo:invoke HTTP/1.1\r\nx: y"),
    "a path with a space": () => head([], "/v1/agents/echo:invoke /v1/agents/vault:invoke"),
    "a path that is a URL": () => head([], "https://localhost/v1/agents/vault:invoke"),
    "a path without its slash": () => head([], "v1/agents/vault:invoke"),
    "a header of connections": () => head([["connection", "keep-alive"]]),
    "transfer-encoding": () => head([["transfer-encoding", "chunked"]]),
    "an upgrade": () => head([["upgrade", "websocket"]]),
    "te that is not trailers": () => head([["te", "gzip"]]),
    "a length that is wrong": () => head([["content-length", "1"]]),
    "two lengths": () =>
      head([
        ["content-length", `${body.length}`],
        ["content-length", "1"],
      ]),
    "a length that is no number": () => head([["content-length", "+41"]]),
    "10,000 headers": () =>
      head(Array.from({ length: 10_000 }, (_, index): Header => [`x-${index}`, "a"])),
  };
  it("calls that no good client makes are refused, and reach no other agent", async () => {
    const before = mesh.vault.seen.length;
    const all = Object.entries(odd).map(async ([words, headers]) => {
      const connection = await openFrames(mesh.gateway);
      connection.send(...framesOf(1, headers()), data(1));
      const ending = await connection.ending(1);
      connection.socket.destroy();
      return [words, ending] as const;
    });
    for (const [words, ending] of await Promise.all(all)) {
      expect(ending, words).to.be.oneOf(["refused", "reset", "goaway", "closed"]);
    }
    expect(mesh.vault.seen.length).to.equal(before);
  });

  const broken: Readonly<Record<string, () => readonly Buffer[]>> = {
    "data without a call": () => [data(1)],
    "a call on stream 0": () => [headersFrame(0, head())],
    "a call on an even stream": () => [headersFrame(2, head())],
    "a frame longer than allowed": () => [frame(frameTypes.data, 0, 1, Buffer.alloc(100_000))],
    "settings of half a row": () => [frame(frameTypes.settings, 0, 0, Buffer.alloc(5))],
    "a window larger than there can be": () => [
      frame(frameTypes.settings, 0, 0, settingsOf([[4, 0xffffffff]])),
    ],
    "a frame size of 0": () => [frame(frameTypes.settings, 0, 0, settingsOf([[5, 0]]))],
    "a window that grows by nothing": () => [frame(frameTypes.windowUpdate, 0, 0, Buffer.alloc(4))],
    "a window that overflows": () => [
      ...[1, 2, 3].map(() =>
        frame(frameTypes.windowUpdate, 0, 0, Buffer.from([0x7f, 0xff, 0xff, 0xff])),
      ),
    ],
    "headers that HPACK cannot read": () => [
      frame(frameTypes.headers, frameFlags.endHeaders, 1, Buffer.alloc(64, 0xff)),
    ],
    "a continuation of nothing": () => [frame(frameTypes.continuation, 4, 1, Buffer.alloc(1))],
    "another stream amid headers": () => [
      frame(frameTypes.headers, 0, 1, headerBlock(head())),
      headersFrame(3, head()),
    ],
  };
  it("frames that break the protocol end their connection", async () => {
    const all = Object.entries(broken).map(async ([words, frames]) => {
      const connection = await openFrames(mesh.gateway);
      connection.send(...frames());
      const over = await ended(connection);
      connection.socket.destroy();
      return [words, over] as const;
    });
    for (const [words, over] of await Promise.all(all)) expect(over, words).to.equal(true);
  });

  const floods: Readonly<Record<string, (index: number) => readonly Buffer[]>> = {
    "calls begun and reset at once": (index) => [
      headersFrame(2 * index + 1, head(), false),
      frame(frameTypes.reset, 0, 2 * index + 1, Buffer.from([0, 0, 0, 8])),
    ],
    "headers that go on and on": (index) => [
      index === 0
        ? frame(frameTypes.headers, 0, 1, headerBlock(head()))
        : frame(frameTypes.continuation, 0, 1, headerBlock([["x-a", "a".repeat(200)]])),
    ],
    "empty continuations": (index) => [
      index === 0
        ? frame(frameTypes.headers, 0, 1, headerBlock(head()))
        : frame(frameTypes.continuation, 0, 1),
    ],
    settings: () => [frame(frameTypes.settings, 0, 0, settingsOf([[3, 100]]))],
    pings: () => [frame(frameTypes.ping, 0, 0, Buffer.alloc(8))],
    priorities: (index) => [
      frame(frameTypes.priority, 0, 2 * index + 1, Buffer.from([0, 0, 0, 0, 1])),
    ],
    "empty data": (index) => [
      ...(index === 0 ? [headersFrame(1, head(), false)] : []),
      frame(frameTypes.data, 0, 1),
    ],
    "calls that never end, and nobody reads": (index) => [
      headersFrame(2 * index + 1, head(), false),
    ],
  };
  for (const [words, frames] of Object.entries(floods)) {
    it(`a flood of ${words}: bounded in memory, and others are served meanwhile`, async () => {
      const before = residentMegabytes(mesh.gateway.pid);
      const connection = await openFrames(mesh.gateway, settingsOf([[4, 0]]));
      for (let round = 0; round < 100 && !connection.closed(); round++) {
        const batch = Array.from({ length: 200 }, (_, index) => frames(round * 200 + index));
        connection.send(...batch.flat());
        if (round % 25 === 0) expect((await mesh.call()).status).to.equal(200);
        await drained(connection);
      }
      expect((await mesh.call()).status).to.equal(200);
      const grown = residentMegabytes(mesh.gateway.pid) - before;
      expect(grown, "MB").to.be.lessThan(64);
      connection.socket.destroy();
    });
  }
});

/** A block of headers in frames that are not too long. */
function framesOf(stream: number, headers: readonly Header[]): readonly Buffer[] {
  const block = headerBlock(headers);
  const parts: Buffer[] = [];
  for (let at = 0; at < block.length; at += 16_000) {
    const last = at + 16_000 >= block.length;
    const type = at === 0 ? frameTypes.headers : frameTypes.continuation;
    const part = block.subarray(at, at + 16_000);
    parts.push(frame(type, last ? frameFlags.endHeaders : 0, stream, part));
  }
  return parts;
}

async function ended(connection: FrameConnection): Promise<boolean> {
  const ending = await connection.ending(0, 5_000);
  return ending === "goaway" || ending === "closed";
}

function drained({ socket, closed }: FrameConnection): Promise<void> {
  if (closed() || socket.writableLength < 1_000_000) {
    return new Promise((resolve) => setImmediate(resolve));
  }
  return new Promise((resolve) => {
    const go = (): void => resolve();
    socket.once("drain", go);
    socket.once("close", go);
    setTimeout(go, 1_000);
  });
}
