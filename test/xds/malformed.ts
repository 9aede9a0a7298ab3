// Sends the control plane what no client sends: frames and messages that are random, or nearly right.
import { once } from "node:events";
import { connect } from "node:net";
import { create, toBinary } from "@bufbuild/protobuf";
import { typeUrls } from "@smartcall/control-plane/dist/snapshot/index.js";
import {
  DeltaDiscoveryRequestSchema,
  DiscoveryRequestSchema,
} from "@smartcall/envoy/api/envoy/service/discovery/v3/discovery_pb.js";
import { leasePb, leaseService, quotaPolicyService } from "@smartcall/protos";
import { grpcFrame } from "../bench/grpc-frame.ts";
import { pause } from "../harness/eventually.ts";
import { frame, frameFlags, frameTypes, headerBlock } from "../harness/http2-frames.ts";

/** How one attack is made; the same seed sends the same bytes. */
export interface Attack {
  readonly port: number;
  readonly joinToken: string;
  readonly seed: number;
  /** How many messages and frames there are in all. */
  readonly messages: number;
}

/** The sidecar that its leases come by, most of the time. */
export const attackNode = "echo/fuzz";
const nodes = [attackNode, attackNode, attackNode, "echo/nobody", "fuzz", "/"] as const;

const ads = "/envoy.service.discovery.v3.AggregatedDiscoveryService";

/** A stream that may begin, and messages on it that make sense. */
const doors: readonly { readonly path: string; readonly messages: readonly Uint8Array[] }[] = [
  { path: `${ads}/DeltaAggregatedResources`, messages: deltaMessages() },
  { path: `${ads}/StreamAggregatedResources`, messages: sotwMessages() },
  { path: leaseService.hold.path, messages: leaseMessages() },
  { path: quotaPolicyService.watchPolicies.path, messages: [new Uint8Array()] },
  { path: "/no.such.Service/Method", messages: [Buffer.from("hello")] },
];

/** Sends all of it, one connection after another; resolves when the last is closed. */
export async function attack({ port, joinToken, seed, messages }: Attack): Promise<void> {
  const random = randomFrom(seed);
  let sent = 0;
  while (sent < messages) {
    const bytes: Buffer[] = [Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")];
    bytes.push(random() < 0.95 ? frame(frameTypes.settings, 0, 0) : randomFrame(random));
    if (random() < 0.3) {
      for (let count = 1 + below(random, 50); count > 0; count--, sent++) {
        bytes.push(mutated(random, random() < 0.5 ? randomFrame(random) : ping()));
      }
    } else {
      for (let stream = 1; stream < 2 * (1 + below(random, 4)); stream += 2) {
        const many = 1 + below(random, 20);
        bytes.push(...callOf(random, stream, many, joinToken));
        sent += many;
      }
    }
    await send(port, bytes);
    // No faster than streams may begin: what is refused at the door tests no more than the door.
    await pause(20);
  }
}

/** One call with many messages on it, as frames. */
function callOf(random: Random, stream: number, many: number, joinToken: string): Buffer[] {
  const { path, messages } = pick(random, doors);
  const token = random() < 0.8 ? joinToken : `${joinToken}x`;
  const headers = [
    [":method", "POST"],
    [":scheme", "http"],
    [":path", path],
    [":authority", "127.0.0.1"],
    ["content-type", "application/grpc"],
    ["te", "trailers"],
    ...(random() < 0.1 ? [["grpc-encoding", pick(random, ["gzip", "deflate", "none"])]] : []),
    ...(random() < 0.9 ? [["smartcall-node", pick(random, nodes)]] : []),
    ...(random() < 0.95 ? [["authorization", `Bearer ${token}`]] : []),
  ] as const;
  const pairs = headers.map(([name = "", value = ""]) => [name, value] as const);
  const frames = [frame(frameTypes.headers, frameFlags.endHeaders, stream, headerBlock(pairs))];
  for (let message = 0; message < many; message++) {
    const whole = pick(random, messages);
    const framed = grpcFrame(random() < 0.7 ? mutated(random, whole) : whole);
    const lying = random() < 0.05 ? mutated(random, framed) : framed;
    for (let at = 0; at < Math.max(1, lying.length); at += 16_384) {
      frames.push(frame(frameTypes.data, 0, stream, lying.subarray(at, at + 16_384)));
    }
  }
  if (random() < 0.3) frames.push(frame(frameTypes.data, frameFlags.endStream, stream));
  return frames;
}

async function send(port: number, bytes: readonly Buffer[]): Promise<void> {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.resume();
  const closed = once(socket, "close");
  for (const each of bytes) socket.write(each);
  // It is answered, refused, or neither; then it leaves as one that is cut off.
  await Promise.race([closed, pause(30)]);
  socket.destroy();
  await closed;
}

function randomFrame(random: Random): Buffer {
  return frame(
    below(random, 12),
    below(random, 256),
    below(random, 20),
    randomBytes(random, below(random, 200)),
  );
}

function ping(): Buffer {
  return frame(frameTypes.ping, 0, 0, Buffer.alloc(8));
}

/** The bytes with some of them changed, cut off, said twice, or put in between. */
function mutated(random: Random, bytes: Uint8Array): Buffer {
  const result = Buffer.from(bytes);
  if (result.length === 0) return randomBytes(random, below(random, 40));
  const at = below(random, result.length);
  switch (below(random, 5)) {
    case 0:
      for (let flips = 1 + below(random, 8); flips > 0; flips--) {
        result.writeUInt8(below(random, 256), below(random, result.length));
      }
      return result;
    case 1:
      return result.subarray(0, at);
    case 2:
      return Buffer.concat([result, result.subarray(at)]);
    case 3:
      return Buffer.concat([
        result.subarray(0, at),
        randomBytes(random, 1 + below(random, 20)),
        result.subarray(at),
      ]);
    default:
      return randomBytes(random, below(random, 300));
  }
}

function deltaMessages(): readonly Uint8Array[] {
  const node = { id: "fuzz", cluster: "gateway" };
  const of = (init: Parameters<typeof create<typeof DeltaDiscoveryRequestSchema>>[1]) =>
    toBinary(DeltaDiscoveryRequestSchema, create(DeltaDiscoveryRequestSchema, init));
  return [
    of({ node, typeUrl: typeUrls.cluster }),
    of({ node, typeUrl: typeUrls.listener, resourceNamesSubscribe: ["*", "edge"] }),
    of({
      node: { ...node, metadata: { https_port: 8_444 } },
      typeUrl: typeUrls.endpoint,
      resourceNamesSubscribe: ["echo", "nobody", "__proto__", "constructor"],
      resourceNamesUnsubscribe: ["echo"],
      initialResourceVersions: { echo: "1", ["__proto__"]: "2", hasOwnProperty: "3" },
    }),
    of({ node, typeUrl: typeUrls.secret, resourceNamesSubscribe: ["edge-certificate"] }),
    of({
      node,
      typeUrl: typeUrls.cluster,
      responseNonce: "x",
      errorDetail: { code: 3, message: "no" },
    }),
    deep(),
  ];
}

/** Metadata in metadata, four thousand deep: `node.metadata.fields[""].struct_value` and so on. */
function deep(): Uint8Array {
  let inner: Buffer = Buffer.alloc(0);
  for (let depth = 0; depth < 4_000; depth++) {
    // Struct { fields: { "": Value { struct_value: … } } }
    inner = field(1, Buffer.concat([field(1, Buffer.alloc(0)), field(2, field(5, inner))]));
  }
  return field(1, Buffer.concat([field(1, Buffer.from("deep")), field(3, inner)]));
}

function field(number: number, bytes: Buffer): Buffer {
  const length: number[] = [];
  let rest = bytes.length;
  for (; rest >= 128; rest >>= 7) length.push((rest & 127) | 128);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length, rest]), bytes]);
}

function sotwMessages(): readonly Uint8Array[] {
  const node = { id: "fuzz-sotw", cluster: "gateway", userAgentName: "gRPC Go" };
  const of = (init: Parameters<typeof create<typeof DiscoveryRequestSchema>>[1]) =>
    toBinary(DiscoveryRequestSchema, create(DiscoveryRequestSchema, init));
  return [
    of({ node, typeUrl: typeUrls.cluster, versionInfo: "before" }),
    of({ node, typeUrl: typeUrls.listener, resourceNames: ["echo", "*", ""] }),
    of({ node, typeUrl: typeUrls.endpoint, resourceNames: ["echo", "echo", "nobody"] }),
    of({ node: { id: "fuzz" }, typeUrl: typeUrls.route, resourceNames: [], responseNonce: "y" }),
  ];
}

function leaseMessages(): readonly Uint8Array[] {
  const attach = new leasePb.Attach();
  attach.setAgent("echo");
  attach.setInstance("fuzz");
  const attached = new leasePb.LeaseReport();
  attached.setAttach(attach);
  const health = new leasePb.LeaseReport();
  health.setHealth(new leasePb.InstanceHealth());
  const drain = new leasePb.LeaseReport();
  drain.setDrain(new leasePb.Drain());
  return [attached, health, drain].map((report) => report.serializeBinary());
}

/** From 0 up to 1. */
type Random = () => number;

/** Mulberry32: short, and the same everywhere. */
function randomFrom(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function below(random: Random, end: number): number {
  return Math.floor(random() * end);
}

function pick<T>(random: Random, from: readonly T[]): T {
  const picked = from[below(random, from.length)];
  if (picked === undefined) throw new Error("nothing to pick from");
  return picked;
}

function randomBytes(random: Random, length: number): Buffer {
  return Buffer.from(Array.from({ length }, () => below(random, 256)));
}
