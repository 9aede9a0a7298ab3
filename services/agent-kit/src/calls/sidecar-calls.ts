// Calls other agents through the sidecar, by gRPC on its socket.

import { Client, credentials } from "@grpc/grpc-js";
import { type agentPb, agentService } from "@smartcall/protos";
import type { Clock } from "@smartcall/runtime";
import { askToWire } from "../ask-to-wire.ts";
import { messageLimits } from "../largest-message.ts";
import type { OwnMethod } from "../own/own-method.ts";
import { opened, unary } from "./on-the-wire.ts";
import type { Outbound, OutboundCall, OwnOutboundCall } from "./outbound.ts";
import { streamOwn } from "./own-calls.ts";
import type { PeerAnswer } from "./peer.ts";
import { streamFailure } from "./peer-failure.ts";
import { finishReasonOf, readPieces, usageOf } from "./read-pieces.ts";

/** Where the sidecar is. */
export interface SidecarPlace {
  /** Where it takes calls to other agents, as gRPC writes it: `unix:/path`. */
  readonly calls: string;
  /** The port on loopback where it takes those to hosts outside the mesh. */
  readonly egressPort: number;
}

/** @returns the way out, and what closes it once no call runs any more */
export function sidecarCalls(
  place: SidecarPlace,
  clock: Clock,
): Outbound & { readonly close: () => void } {
  const client = new Client(place.calls, credentials.createInsecure(), {
    ...messageLimits,
    // A sidecar that was started again is to be found at once.
    "grpc.initial_reconnect_backoff_ms": 50,
    "grpc.max_reconnect_backoff_ms": 500,
  });
  return {
    invoke: (call) => invoke(client, call, clock),
    stream: (call) => stream(client, call, clock),
    invokeOwn: (call) => unary(client, call, clock),
    streamOwn: (call) => streamOwn(client, call, clock),
    egress: (name) => ({
      url: `http://127.0.0.1:${place.egressPort}/${encodeURIComponent(name)}`,
      key: "placeholder",
    }),
    close: () => client.close(),
  };
}

async function invoke(client: Client, call: OutboundCall, clock: Clock): Promise<PeerAnswer> {
  const answered = await unary(client, asked(call, agentService.invoke), clock, call.ask.model);
  return {
    id: answered.getId(),
    text: answered.getMessage()?.getContent() ?? "",
    finishReason: finishReasonOf(answered.getFinishReason()),
    usage: usageOf(answered.getUsage()),
  };
}

async function* stream(
  client: Client,
  call: OutboundCall,
  clock: Clock,
): ReturnType<Outbound["stream"]> {
  const { answers, close } = opened(client, asked(call, agentService.stream), call.ask.model);
  try {
    const from = { agent: call.agent, requestId: call.caller.requestId };
    yield* readPieces(answers, from, (failed) => streamFailure(failed, call, clock));
  } finally {
    close();
  }
}

/** A call of the contract as one of any method. */
function asked<Response>(
  call: OutboundCall,
  method: OwnMethod<agentPb.InvokeRequest, Response>,
): OwnOutboundCall<agentPb.InvokeRequest, Response> {
  return { ...call, method, request: askToWire(call.ask) };
}
