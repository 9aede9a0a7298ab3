// Calls by native gRPC, over as many HTTP/2 connections as calls are under way at once.
import { type ClientHttp2Session, connect } from "node:http2";
import { saying } from "../harness/grpc.ts";
import { countFrames, grpcFrame } from "./grpc-frame.ts";
import {
  type Answered,
  connections,
  type Door,
  type Kind,
  type Target,
  texts,
} from "./load-types.ts";

/** Opens the connections. */
export function openGrpc({ origin, ca, agent, token }: Target): Door {
  const open = (): ClientHttp2Session => {
    const session = connect(origin, ca === undefined ? {} : { ca });
    // Calls fail by themselves.
    session.on("error", () => undefined);
    return session;
  };
  const sessions = Array.from({ length: connections }, open);
  const headers = {
    ":method": "POST",
    "content-type": "application/grpc",
    te: "trailers",
    "smartcall-agent": agent,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const bodies = {
    unary: grpcFrame(saying(texts.unary).serializeBinary()),
    stream: grpcFrame(saying(texts.stream).serializeBinary()),
  };
  let next = 0;
  const one = (kind: Kind): Promise<Answered> =>
    new Promise((resolve, reject) => {
      const session = sessions[next++ % connections];
      if (session === undefined) return reject(new Error("no connection"));
      const begin = performance.now();
      let first = 0;
      let status: unknown;
      const chunks: Buffer[] = [];
      const method = kind === "unary" ? "Invoke" : "Stream";
      const stream = session.request({
        ...headers,
        ":path": `/smartcall.v1.AgentService/${method}`,
      });
      stream.on("response", (answer) => {
        status = answer["grpc-status"];
      });
      stream.on("data", (chunk: Buffer) => {
        if (chunks.length === 0) first = performance.now() - begin;
        chunks.push(chunk);
      });
      stream.on("trailers", (trailers) => {
        status = trailers["grpc-status"];
      });
      stream.on("error", reject);
      stream.on("close", () => {
        const whole = performance.now() - begin;
        const events = kind === "stream" ? countFrames(Buffer.concat(chunks)) : 0;
        if (status === "0") resolve({ first, whole, events });
        else reject(new Error(`gRPC ended with ${String(status)}`));
      });
      stream.end(bodies[kind]);
    });
  return {
    call: one,
    close: () => {
      for (const session of sessions) session.destroy();
    },
  };
}
