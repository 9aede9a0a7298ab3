// Calls other agents through the sidecar, by gRPC on its socket.

import { type ClientReadableStream, credentials } from "@grpc/grpc-js";
import { AgentServiceClient, type agentPb } from "@smartcall/protos";
import type { Clock } from "@smartcall/runtime";
import { askToWire } from "../ask-to-wire.ts";
import { metadataOf } from "./onward.ts";
import type { Outbound, OutboundCall } from "./outbound.ts";
import { invokeOwn, streamOwn } from "./own-calls.ts";
import type { PeerAnswer } from "./peer.ts";
import { failureOf, leftOf, streamFailure } from "./peer-failure.ts";
import { finishReasonOf, readPieces, usageOf } from "./read-pieces.ts";

/** Where the sidecar is. */
export interface SidecarPlace {
  /** Where it takes calls to other agents, as gRPC writes it: `unix:/path`. */
  readonly calls: string;
  /** The port on loopback where it takes those to hosts outside the mesh. */
  readonly egressPort: number;
}

/** The largest answer that is read, in bytes. */
const largestMessage = 16 * 1024 * 1024;

/** @returns the way out, and what closes it once no call runs any more */
export function sidecarCalls(
  place: SidecarPlace,
  clock: Clock,
): Outbound & { readonly close: () => void } {
  const client = new AgentServiceClient(place.calls, credentials.createInsecure(), {
    "grpc.max_receive_message_length": largestMessage,
    "grpc.max_send_message_length": largestMessage,
    // A sidecar that was started again is to be found at once.
    "grpc.initial_reconnect_backoff_ms": 50,
    "grpc.max_reconnect_backoff_ms": 500,
  });
  return {
    invoke: (call) => invoke(client, call, clock),
    stream: (call) => stream(client, call, clock),
    invokeOwn: (call) => invokeOwn(client, call, clock),
    streamOwn: (call) => streamOwn(client, call, clock),
    egress: (name) => ({
      url: `http://127.0.0.1:${place.egressPort}/${encodeURIComponent(name)}`,
      key: "placeholder",
    }),
    close: () => client.close(),
  };
}

async function invoke(
  client: AgentServiceClient,
  call: OutboundCall,
  clock: Clock,
): Promise<PeerAnswer> {
  if (call.signal.aborted) throw leftOf(call.signal);
  const answered = await new Promise<agentPb.InvokeResponse>((resolve, reject) => {
    const ends = endsOf(call);
    const cancel = (): void => running.cancel();
    const running = client.invoke(
      askToWire(call.ask),
      ends.metadata,
      ends.options,
      (error, response) => {
        call.signal.removeEventListener("abort", cancel);
        if (error !== null) reject(failureOf(error, call, clock));
        else if (response === undefined) reject(failureOf(undefined, call, clock));
        else resolve(response);
      },
    );
    call.signal.addEventListener("abort", cancel, { once: true });
  });
  return {
    id: answered.getId(),
    text: answered.getMessage()?.getContent() ?? "",
    finishReason: finishReasonOf(answered.getFinishReason()),
    usage: usageOf(answered.getUsage()),
  };
}

async function* stream(
  client: AgentServiceClient,
  call: OutboundCall,
  clock: Clock,
): ReturnType<Outbound["stream"]> {
  if (call.signal.aborted) throw leftOf(call.signal);
  const { metadata, options } = endsOf(call);
  const running: ClientReadableStream<agentPb.StreamEvent> = client.stream(
    askToWire(call.ask),
    metadata,
    options,
  );
  // One that is cancelled once nobody reads it any more says so as well.
  running.on("error", () => undefined);
  const cancel = (): void => running.cancel();
  call.signal.addEventListener("abort", cancel, { once: true });
  try {
    const from = { agent: call.agent, requestId: call.caller.requestId };
    yield* readPieces(running, from, (failed) => streamFailure(failed, call, clock));
  } finally {
    call.signal.removeEventListener("abort", cancel);
    // Of no effect on a stream that has ended.
    running.cancel();
  }
}

function endsOf({ agent, ask, caller, deadline }: OutboundCall) {
  const { requestId, traceId, onward = [] } = caller;
  const metadata = metadataOf({ agent, model: ask.model ?? "", requestId, traceId, onward });
  return { metadata, options: deadline === undefined ? {} : { deadline } };
}
