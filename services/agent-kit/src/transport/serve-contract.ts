// Has some methods of a server answered by `AskedCall`, on the connections of grpc-js, which
// answers all others.

import { EventEmitter } from "node:events";
import type { Http2Server, Http2Session, IncomingHttpHeaders, ServerHttp2Stream } from "node:http2";
import type { Socket } from "node:net";
import { type Server, ServerCredentials } from "@grpc/grpc-js";
import { type AskedCall, takeCall } from "./asked-call.ts";
import { type Connection, createConnection } from "./whole-answers.ts";

/** Which method is answered how; by path, such as `/smartcall.v1.AgentService/Invoke`. */
export interface Methods {
  readonly asked: ReadonlyMap<string, (call: AskedCall) => void>;
  /** Those of grpc-js that answer with a stream: what they write leaves as it is written. */
  readonly streamed: ReadonlySet<string>;
}

/** @returns what makes a connection the server's */
export function serveContract(server: Server, methods: Methods): (socket: Socket) => void {
  const injector = server.createConnectionInjector(ServerCredentials.createInsecure());
  const http2 = http2Of(server);
  const connections = new WeakMap<Http2Session, Connection>();
  let joining: Connection | undefined;
  http2.on("session", (session) => {
    if (joining !== undefined) connections.set(session, joining);
  });
  const others = http2.listeners("stream");
  http2.removeAllListeners("stream");
  http2.on("stream", (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number) => {
    const { ":path": path = "", "content-type": type = "" } = headers;
    const connection = stream.session && connections.get(stream.session);
    const serve = type.startsWith("application/grpc") ? methods.asked.get(path) : undefined;
    if (connection !== undefined && serve !== undefined) {
      takeCall(stream, headers, connection, serve);
      return;
    }
    const { id = 0 } = stream;
    if (methods.streamed.has(path)) connection?.inParts(id);
    stream.once("close", () => connection?.over(id));
    for (const other of others) Reflect.apply(other, http2, [stream, headers, flags]);
  });
  return (socket) => {
    joining = createConnection(socket);
    injector.injectConnection(joining.duplex);
    joining = undefined;
  };
}

/** grpc-js keeps it to itself: what it is given as connections has become streams only there. */
function http2Of(server: Server): Http2Server {
  const servers: unknown = Reflect.get(server, "http2Servers");
  const [http2] = servers instanceof Map ? servers.keys() : [];
  if (isHttp2Server(http2)) return http2;
  throw new Error("grpc-js has no HTTP/2 server where it had one; take the version that is pinned");
}

function isHttp2Server(value: unknown): value is Http2Server {
  return value instanceof EventEmitter && value.listenerCount("stream") > 0;
}
