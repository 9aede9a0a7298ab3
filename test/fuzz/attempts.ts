// Requests that are nearly good, or not at all, through every door.
import { agentPb } from "@smartcall/protos";
import {
  frame,
  frameFlags,
  frameTypes,
  headerBlock,
  headersFrame,
  openFrames,
} from "../harness/http2-frames.ts";
import { type RawServer, requestText, sayRaw } from "../harness/raw-http.ts";
import { asking } from "../harness/rest.ts";
import { mutate, oddities, type Random } from "./random.ts";

/** How an attempt ended. */
export interface Attempted {
  /** What was sent, in short. */
  readonly sent: string;
  /** Of HTTP, those that were said. */
  readonly statuses: readonly number[];
  /** Neither an answer nor an end within the patience. */
  readonly hung: boolean;
}

/** Where to, and with which token. */
export interface Target extends RawServer {
  readonly token: string;
}

const patienceMs = 20_000;

/** REST: paths, headers and bodies that are changed a little, or much. */
export async function attemptRest(target: Target, random: Random): Promise<Attempted> {
  const path = random.of([
    "/v1/agents/echo:invoke",
    "/v1/agents/echo:stream",
    "/v1/agents/absent:invoke",
    "/v1/agents/nobody:invoke",
    "/healthz",
    "/.well-known/jwks.json",
  ]);
  const content = JSON.stringify(
    asking("hello", { temperature: 0.5, maxTokens: 10, stop: ["a"], seed: 1, model: "m" }),
  );
  const which = random.below(6);
  const body = which < 3 ? mutate(random, content) : which === 3 ? bytesAsText(random) : content;
  const target_ = random.below(3) === 0 ? mutate(random, path) : path;
  const headers = [
    "content-type: application/json",
    `authorization: Bearer ${target.token}`,
    ...(random.below(2) === 0 ? [oddHeader(random)] : []),
    ...(random.below(8) === 0 ? [oddHeader(random), oddHeader(random)] : []),
  ];
  const method = random.below(10) === 0 ? mutate(random, "POST") : "POST";
  return say(target, Buffer.from(requestText(`${method} ${target_} HTTP/1.1`, headers, body)));
}

/** HTTP/1.1: bytes that were a request before they were changed. */
export async function attemptRaw(target: Target, random: Random): Promise<Attempted> {
  const body = JSON.stringify(asking("hello"));
  const good = requestText(
    "POST /v1/agents/echo:invoke HTTP/1.1",
    ["content-type: application/json", `authorization: Bearer ${target.token}`],
    body,
  );
  const bytes = Buffer.from(random.below(4) === 0 ? good : mutate(random, good));
  for (let times = random.below(6); times > 0; times--) {
    if (bytes.length > 0) bytes.writeUInt8(random.below(256), random.below(bytes.length));
  }
  return say(target, random.below(10) === 0 ? random.bytes(1 + random.below(400)) : bytes);
}

/** gRPC: frames, metadata and messages. */
export async function attemptGrpc(target: Target, random: Random): Promise<Attempted> {
  const message = new agentPb.Message();
  message.setRole("user");
  message.setContent("hello");
  const request = new agentPb.InvokeRequest();
  request.addMessages(message);
  const packed = Buffer.from(request.serializeBinary());
  const method = random.of(["Invoke", "Stream", "Converse", "Nothing"]);
  const path = `/smartcall.v1.AgentService/${method}`;
  const headers: (readonly [string, string])[] = [
    [":method", "POST"],
    [":scheme", "https"],
    [":authority", "localhost"],
    [":path", random.below(6) === 0 ? mutate(random, path) : path],
    [
      "content-type",
      random.below(6) === 0 ? mutate(random, "application/grpc") : "application/grpc",
    ],
    ["te", "trailers"],
    ["smartcall-agent", random.below(6) === 0 ? mutate(random, "echo") : "echo"],
    ["authorization", `Bearer ${target.token}`],
  ];
  if (random.below(2) === 0) {
    const [name = "x-a", value = ""] = oddHeader(random).split(": ");
    headers.push([name, value]);
  }
  const content = messageBytes(random, packed);
  const connection = await openFrames(target);
  const connectionHeaders =
    random.below(12) === 0
      ? frame(frameTypes.headers, frameFlags.endHeaders, 1, spoiled(random, headerBlock(headers)))
      : headersFrame(1, headers, false);
  connection.send(connectionHeaders, frame(frameTypes.data, frameFlags.endStream, 1, content));
  if (random.below(8) === 0) connection.send(random.bytes(9 + random.below(50)));
  const ending = await connection.ending(1, patienceMs);
  const statuses = connection.frames.flatMap(({ type, stream, payload }) =>
    type === frameTypes.headers && stream === 1 ? [statusIn(payload)] : [],
  );
  connection.socket.destroy();
  return {
    sent: `${path} ${content.subarray(0, 60).toString("hex")}`,
    statuses: statuses.filter((status) => status !== 0),
    hung: ending === "silence",
  };
}

async function say(target: Target, bytes: Buffer): Promise<Attempted> {
  const answer = await sayRaw(target, bytes, patienceMs, true);
  return {
    sent: bytes.subarray(0, 2_000).toString("latin1").replace(target.token, "TOKEN"),
    statuses: answer.statuses,
    hung: !answer.closed,
  };
}

function oddHeader(random: Random): string {
  const name = random.of([
    "smartcall-agent",
    "smartcall-model",
    "smartcall-claims",
    "x-request-timeout-ms",
    "grpc-timeout",
    "x-api-key",
    "authorization",
    "content-type",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "accept",
    "accept-encoding",
    "expect",
    "host",
    "origin",
    "cookie",
    "range",
    "traceparent",
    "upgrade",
    "te",
    "connection",
    "x-forwarded-for",
    "x-envoy-original-path",
    "grpc-encoding",
    "grpc-accept-encoding",
    "x-a",
  ]);
  return `${name}: ${random.below(2) === 0 ? random.of(oddities) : mutate(random, "value 1")}`;
}

/** One message in gRPC's frame, or nearly. */
function messageBytes(random: Random, packed: Buffer): Buffer {
  const content = random.below(3) === 0 ? spoiled(random, packed) : packed;
  const head = Buffer.alloc(5);
  head.writeUInt8(random.below(8) === 0 ? random.below(256) : 0, 0);
  head.writeUInt32BE(random.below(8) === 0 ? random.below(2 ** 32) : content.length, 1);
  const whole = Buffer.concat([head, content]);
  if (random.below(8) === 0) return whole.subarray(0, random.below(whole.length + 1));
  return random.below(12) === 0 ? random.bytes(random.below(200)) : whole;
}

function spoiled(random: Random, bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  for (let times = 1 + random.below(4); times > 0 && copy.length > 0; times--) {
    copy.writeUInt8(random.below(256), random.below(copy.length));
  }
  return copy;
}

function bytesAsText(random: Random): string {
  return random.bytes(random.below(300)).toString("latin1");
}

/** As HPACK's static table has it, or 0 where it is spelt out: that is none of 200, 404 and 500. */
function statusIn(block: Buffer): number {
  const first = block.find((byte) => (byte & 0xe0) !== 0x20) ?? 0;
  return (
    new Map([
      [0x88, 200],
      [0x8c, 400],
      [0x8d, 404],
      [0x8e, 500],
    ]).get(first) ?? 0
  );
}
