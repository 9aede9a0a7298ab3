// Sends one case's call to the gateway, and reads what came of it.

import type { ClientHttp2Session, IncomingHttpHeaders } from "node:http2";
import { fromBinary } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import { ErrorInfoSchema } from "@smartcall/envoy/api/google/rpc/error_details_pb.js";
import { StatusSchema } from "@smartcall/envoy/api/google/rpc/status_pb.js";
import { agentPb } from "@smartcall/protos";
import type { Call } from "../../config/index.ts";
import { answeredBy } from "./stand-ins.ts";

/** What came back, or that nothing did. */
export type Reply =
  | {
      readonly kind: "answered";
      readonly requestId: string;
      /** The agent. */
      readonly by: string;
    }
  | {
      readonly kind: "refused";
      readonly requestId: string;
      /** An HTTP status; for gRPC, the one that the gRPC status stands for. */
      readonly status: number;
      /** Why, for programs; empty where it is not said. */
      readonly reason: string;
      /** Why, for people. */
      readonly message: string;
    }
  | { readonly kind: "broken"; readonly problem: string };

const patienceMs = 10_000;

/** Sends the call; `token` is the caller's, if there is one. */
export function sendCall(
  session: ClientHttp2Session,
  call: Call,
  token: string | undefined,
): Promise<Reply> {
  return new Promise((resolve) => {
    const broken = (problem: string): void => resolve({ kind: "broken", problem });
    const isGrpc = call.to.door === "grpc";
    const stream = session.request({ ...headersOf(call, token), ...call.headers });
    let headers: IncomingHttpHeaders = {};
    let trailers: IncomingHttpHeaders = {};
    const body: Buffer[] = [];
    stream.setTimeout(patienceMs, () => {
      broken(`no answer came within ${patienceMs / 1000} s`);
      stream.close();
    });
    stream.on("response", (found) => {
      headers = found;
    });
    stream.on("trailers", (found) => {
      trailers = found;
    });
    stream.on("data", (chunk: Buffer) => body.push(chunk));
    stream.on("error", (error) => broken(error.message));
    stream.on("close", () => {
      const all = { ...headers, ...trailers };
      resolve(isGrpc ? grpcReply(all) : restReply(all, Buffer.concat(body).toString()));
    });
    stream.end(isGrpc ? framed(messageOf(call)) : JSON.stringify(bodyOf(call)));
  });
}

function headersOf({ to, method, model }: Call, token: string | undefined): Record<string, string> {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const common = { ":method": "POST", ...authorization };
  if (to.door === "rest") {
    return { ...common, ":path": to.path, "content-type": "application/json" };
  }
  const verb = `${method.charAt(0).toUpperCase()}${method.slice(1)}`;
  return {
    ...common,
    ":path": `/smartcall.v1.AgentService/${verb}`,
    "content-type": "application/grpc",
    te: "trailers",
    "smartcall-agent": to.agent,
    // What a route sees of a message that it cannot read.
    ...(model === undefined ? {} : { "smartcall-model": model }),
  };
}

const said = { role: "user", content: "Hello" } as const;

function bodyOf({ model }: Call): object {
  return { messages: [said], ...(model === undefined ? {} : { model }) };
}

function messageOf({ method, model }: Call): Uint8Array {
  const message = new agentPb.Message();
  message.setRole(said.role);
  message.setContent(said.content);
  const request = new agentPb.InvokeRequest();
  request.setMessagesList([message]);
  if (model !== undefined) request.setModel(model);
  if (method !== "converse") return request.serializeBinary();
  const turn = new agentPb.ConverseRequest();
  turn.setTurn(request);
  return turn.serializeBinary();
}

/** One message as gRPC sends it over HTTP/2: not compressed, its length, its bytes. */
function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function restReply(headers: IncomingHttpHeaders, body: string): Reply {
  const status = Number(headers[":status"] ?? 0);
  if (status === 200) return answer(headers);
  const error = entriesOf(entriesOf(parse(body)).get("error"));
  const details = error.get("details");
  const reasons = (Array.isArray(details) ? details : []).map((one) =>
    entriesOf(one).get("reason"),
  );
  return {
    kind: "refused",
    requestId: textOf(headers, "x-request-id"),
    status,
    reason: String(reasons.find((reason) => typeof reason === "string") ?? ""),
    message: String(error.get("message") ?? ""),
  };
}

function grpcReply(headers: IncomingHttpHeaders): Reply {
  const code = Number(headers["grpc-status"] ?? Number.NaN);
  if (code === 0) return answer(headers);
  const details = Buffer.from(textOf(headers, "grpc-status-details-bin"), "base64");
  return {
    kind: "refused",
    requestId: textOf(headers, "x-request-id"),
    status: httpStatuses[code] ?? Number(headers[":status"] ?? 0),
    reason: reasonIn(details),
    message: decodeURIComponent(textOf(headers, "grpc-message")),
  };
}

/** By gRPC status, as google/rpc/code.proto maps them. */
const httpStatuses: readonly number[] = [
  200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401,
];

function reasonIn(details: Buffer): string {
  try {
    const infos = fromBinary(StatusSchema, details).details.map((any) =>
      anyUnpack(any, ErrorInfoSchema),
    );
    return infos.find((info) => info !== undefined)?.reason ?? "";
  } catch {
    return "";
  }
}

function answer(headers: IncomingHttpHeaders): Reply {
  const by = textOf(headers, answeredBy);
  if (by === "") return { kind: "broken", problem: "something else than an agent answered" };
  return { kind: "answered", requestId: textOf(headers, "x-request-id"), by };
}

function textOf(headers: IncomingHttpHeaders, name: string): string {
  const value = headers[name];
  return typeof value === "string" ? value : "";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function entriesOf(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(typeof value === "object" && value !== null ? Object.entries(value) : []);
}
