// An agent without the kit, which does what its caller's last message says.

import { create, toBinary } from "@bufbuild/protobuf";
import { anyPack } from "@bufbuild/protobuf/wkt";
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type StatusObject,
  type sendUnaryData,
} from "@grpc/grpc-js";
import {
  BadRequestSchema,
  ErrorInfoSchema,
  RetryInfoSchema,
} from "@smartcall/envoy/api/google/rpc/error_details_pb.js";
import { StatusSchema } from "@smartcall/envoy/api/google/rpc/status_pb.js";
import { agentPb, agentService } from "@smartcall/protos";
import { pause } from "../harness/eventually.ts";

/** A running agent. */
export interface ObedientAgent {
  readonly port: number;
  /** The metadata of each call, in the order they came. */
  readonly seen: readonly Metadata[];
  /** The model that each of them asks for. */
  readonly models: readonly string[];
  stop(): void;
}

/**
 * Starts an agent on a free port. It says the text back, word by word every
 * 50 ms where it streams. `fail CODE` fails; `fail CODE info`, `fail CODE field`
 * and `fail CODE retry` with details. In a conversation it says how long each turn's text is.
 * `used TEXT` is answered with TEXT as what it used.
 * Beside the contract it serves `acme.station.v1.Station/Measure`: it says back what it is sent.
 */
export async function startObedientAgent({
  always,
  credentials = ServerCredentials.createInsecure(),
  address = "127.0.0.1:0",
}: {
  /** What it does whatever it is told. */
  readonly always?: string;
  readonly credentials?: ServerCredentials;
  /** Where it listens; a free port of this machine unless given. */
  readonly address?: string;
} = {}): Promise<ObedientAgent> {
  const seen: Metadata[] = [];
  const models: string[] = [];
  const server = new Server();
  server.addService(agentService, {
    invoke(
      call: ServerUnaryCall<agentPb.InvokeRequest, agentPb.InvokeResponse>,
      callback: sendUnaryData<agentPb.InvokeResponse>,
    ) {
      seen.push(call.metadata);
      models.push(call.request.getModel());
      const text = always ?? lastText(call.request);
      if (text.startsWith("fail ")) callback(failure(text));
      else if (text !== "silence") callback(null, answer(text), usageOf(text));
    },
    stream(call: ServerWritableStream<agentPb.InvokeRequest, agentPb.StreamEvent>) {
      seen.push(call.metadata);
      models.push(call.request.getModel());
      const text = always ?? lastText(call.request);
      if (text.startsWith("fail ")) call.emit("error", failure(text));
      else say(call, text).catch((error: unknown) => call.emit("error", error));
    },
    converse(call: ServerDuplexStream<agentPb.ConverseRequest, agentPb.StreamEvent>) {
      seen.push(call.metadata);
      call.sendMetadata(new Metadata());
      call.on("data", (said: agentPb.ConverseRequest) => {
        call.write(word(String(lastText(said.getTurn() ?? new agentPb.InvokeRequest()).length)));
      });
      call.on("end", () => call.end());
    },
  });
  const asTheyAre = (bytes: Buffer): Buffer => bytes;
  server.register(
    "/acme.station.v1.Station/Measure",
    (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => {
      seen.push(call.metadata);
      callback(null, call.request);
    },
    asTheyAre,
    asTheyAre,
    "unary",
  );
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) => {
      if (error === null) resolve(bound);
      else reject(error);
    });
  });
  return { port, seen, models, stop: () => server.forceShutdown() };
}

function lastText(request: agentPb.InvokeRequest): string {
  return request.getMessagesList().at(-1)?.getContent() ?? "";
}

function usageOf(text: string): Metadata {
  const trailers = new Metadata();
  if (text.startsWith("used ")) trailers.set("smartcall-usage", text.slice("used ".length));
  return trailers;
}

function answer(text: string): agentPb.InvokeResponse {
  const message = new agentPb.Message();
  message.setRole("assistant");
  message.setContent(text);
  const response = new agentPb.InvokeResponse();
  response.setMessage(message);
  return response;
}

async function say(
  call: ServerWritableStream<agentPb.InvokeRequest, agentPb.StreamEvent>,
  text: string,
): Promise<void> {
  for (const each of text.split(" ")) {
    if (call.cancelled) return;
    call.write(word(each));
    await pause(50);
  }
  call.end();
}

function word(text: string): agentPb.StreamEvent {
  const delta = new agentPb.Delta();
  delta.setContent(text);
  const event = new agentPb.StreamEvent();
  event.setDelta(delta);
  return event;
}

function failure(text: string): StatusObject {
  const [, number, kind] = text.split(" ");
  const code = Number(number);
  const message = kind === "field" ? 'messages[0].role: invalid value "robot"' : 'It is "full".';
  const metadata = new Metadata();
  const details =
    kind === "info"
      ? [anyPack(ErrorInfoSchema, create(ErrorInfoSchema, { reason: "FULL", domain: "test" }))]
      : kind === "field"
        ? [anyPack(BadRequestSchema, create(BadRequestSchema, badRole))]
        : kind === "retry"
          ? [anyPack(RetryInfoSchema, create(RetryInfoSchema, { retryDelay: soon }))]
          : undefined;
  if (details !== undefined) {
    const status = create(StatusSchema, { code, message, details });
    metadata.set("grpc-status-details-bin", Buffer.from(toBinary(StatusSchema, status)));
  }
  return { code, details: message, metadata };
}

const soon = { seconds: 1n, nanos: 200_000_000 };

const badRole = {
  fieldViolations: [{ field: "messages[0].role", description: 'must not be "robot"' }],
};
