// An agent that answers what no agent should, as the path of its call says.
import {
  createServer,
  type IncomingHttpHeaders,
  type ServerHttp2Session,
  type ServerHttp2Stream,
} from "node:http2";
import { portOf } from "../../harness/ports.ts";

/** A running agent. */
export interface GarbageAgent {
  readonly port: number;
  /** What it answers next. */
  answer: keyof typeof garbage;
  stop(): void;
}

const ok = { ":status": 200, "content-type": "application/grpc" } as const;

/** One message of gRPC. */
function message(content: Buffer, packed = 0): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt8(packed, 0);
  head.writeUInt32BE(content.length, 1);
  return Buffer.concat([head, content]);
}

/** By what it is called. */
export const garbage = {
  "bytes that are no protobuf": (stream: ServerHttp2Stream) =>
    end(stream, message(Buffer.alloc(100, 0xff))),
  "a message that is cut": (stream: ServerHttp2Stream) =>
    end(stream, message(Buffer.alloc(100)).subarray(0, 50)),
  "a message that says it has 4 GiB": (stream: ServerHttp2Stream) =>
    end(stream, Buffer.from([0, 0xff, 0xff, 0xff, 0xff, 1, 2, 3])),
  "a message packed by nobody knows what": (stream: ServerHttp2Stream) =>
    end(stream, message(Buffer.alloc(9, 1), 1)),
  "half a frame": (stream: ServerHttp2Stream) => end(stream, Buffer.from([0, 0])),
  "no message": (stream: ServerHttp2Stream) => end(stream, Buffer.alloc(0)),
  "two messages to one call": (stream: ServerHttp2Stream) =>
    end(stream, Buffer.concat([message(Buffer.alloc(0)), message(Buffer.alloc(0))])),
  HTML: (stream: ServerHttp2Stream) => {
    stream.respond({ ":status": 200, "content-type": "text/html" });
    stream.end("<script>alert(1)</script>");
  },
  "JSON of its own": (stream: ServerHttp2Stream) => {
    stream.respond({ ":status": 200, "content-type": "application/json" });
    stream.end('{"error":"mine"}');
  },
  "a redirect": (stream: ServerHttp2Stream) => {
    stream.respond({ ":status": 302, location: "https://evil.example/" });
    stream.end();
  },
  "500": (stream: ServerHttp2Stream) => {
    stream.respond({ ":status": 500, "content-type": "text/plain" });
    stream.end("Error: at /srv/agent.js:1");
  },
  "a status that is none": (stream: ServerHttp2Stream) => {
    stream.respond({ ...ok, "grpc-status": "nonsense" }, { endStream: true });
  },
  "a status out of range": (stream: ServerHttp2Stream) => {
    stream.respond({ ...ok, "grpc-status": "999999999999" }, { endStream: true });
  },
  "details that are no base64": (stream: ServerHttp2Stream) => {
    stream.respond(
      { ...ok, "grpc-status": "3", "grpc-status-details-bin": "%%%%" },
      { endStream: true },
    );
  },
  "details that are no Status": (stream: ServerHttp2Stream) => {
    const details = Buffer.alloc(64, 0xff).toString("base64");
    stream.respond(
      { ...ok, "grpc-status": "3", "grpc-status-details-bin": details },
      { endStream: true },
    );
  },
  "words that would break the envelope": (stream: ServerHttp2Stream) => {
    const words = encodeURIComponent('"}],"code":200,"x":"\r\nset-cookie: a=b\u0000\\');
    stream.respond({ ...ok, "grpc-status": "3", "grpc-message": words }, { endStream: true });
  },
  "headers of 50 KB": (stream: ServerHttp2Stream) => {
    stream.respond({ ...ok, ...many(50, 1_000) });
    stream.end(message(Buffer.alloc(0)));
  },
  "headers of 1 MB": (stream: ServerHttp2Stream) => {
    stream.respond({ ...ok, ...many(100, 10_000) });
    stream.end(message(Buffer.alloc(0)));
  },
  "5,000 headers": (stream: ServerHttp2Stream) => {
    stream.respond({ ...ok, ...many(5_000, 1) });
    stream.end(message(Buffer.alloc(0)));
  },
  "trailers of 1 MB": (stream: ServerHttp2Stream) => {
    stream.respond(ok, { waitForTrailers: true });
    stream.once("wantTrailers", () =>
      stream.sendTrailers({ "grpc-status": "0", ...many(100, 10_000) }),
    );
    stream.end(message(Buffer.alloc(0)));
  },
  "an answer without end": (stream: ServerHttp2Stream) => {
    stream.respond(ok);
    const more = (): void => {
      while (!stream.destroyed && stream.write(message(Buffer.alloc(60_000))));
    };
    stream.on("drain", more);
    more();
  },
  "headers in the gateway's name": (stream: ServerHttp2Stream) => {
    stream.respond(
      {
        ...ok,
        server: "agent/1.0",
        "x-powered-by": "agent",
        "x-envoy-upstream-service-time": "1",
        "strict-transport-security": "max-age=0",
        "access-control-allow-origin": "*",
        "access-control-allow-credentials": "true",
        "set-cookie": "session=1",
        "alt-svc": 'h3=":443"',
        "clear-site-data": '"*"',
        "x-request-id": "chosen",
      },
      { waitForTrailers: true },
    );
    stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
    stream.end(message(Buffer.alloc(0)));
  },
  "nothing but a reset": (stream: ServerHttp2Stream) => stream.close(2),
  "the end of its connection": (stream: ServerHttp2Stream) => stream.session?.destroy(),
} satisfies Readonly<Record<string, (stream: ServerHttp2Stream) => void>>;

/** Starts it on a free port. */
export async function startGarbageAgent(): Promise<GarbageAgent> {
  const sessions = new Set<ServerHttp2Session>();
  const server = createServer({ maxSendHeaderBlockLength: 10_000_000 });
  server.on("session", (session) => {
    sessions.add(session);
    session.on("error", () => undefined);
  });
  server.on("sessionError", () => undefined);
  const agent: { answer: keyof typeof garbage } = { answer: "no message" };
  server.on("stream", (stream: ServerHttp2Stream, _: IncomingHttpHeaders) => {
    stream.on("error", () => undefined);
    garbage[agent.answer](stream);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return Object.assign(agent, {
    port: portOf(server),
    stop: () => {
      for (const session of sessions) session.destroy();
      server.close();
    },
  });
}

function end(stream: ServerHttp2Stream, body: Buffer): void {
  stream.respond(ok, { waitForTrailers: true });
  stream.once("wantTrailers", () => stream.sendTrailers({ "grpc-status": "0" }));
  stream.end(body);
}

function many(count: number, bytes: number): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`x-${index}`, "a".repeat(bytes)]),
  );
}
