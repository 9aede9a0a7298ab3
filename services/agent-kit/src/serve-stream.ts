// `Stream`: the pieces of an answer, each as it comes.

import type { handleServerStreamingCall, ServerWritableStream } from "@grpc/grpc-js";
import type { agentPb } from "@smartcall/protos";
import type { AgentError } from "./agent-error.ts";
import { answer } from "./answer.ts";
import { callerOf } from "./caller.ts";
import { toAgentError } from "./failure.ts";
import type { Caller, Host } from "./host.ts";
import type { Usage } from "./pieces.ts";
import { toFirstStatus, toGrpcStatus } from "./rpc-status.ts";
import { eventToWire } from "./to-wire.ts";
import { usageMetadata } from "./usage-trailer.ts";
import { writeEvent } from "./write-events.ts";

/**
 * A failure before the first event is a plain gRPC status, with nothing sent
 * before it, so that REST callers get its HTTP status and Envoy may still retry.
 * After the first event it is the last event, and the gRPC stream ends with OK:
 * an HTTP/1.1 caller could not see any other end.
 */
export function serveStream(host: Host): handleServerStreamingCall<Buffer, agentPb.StreamEvent> {
  return (call) => {
    const caller = callerOf(call, "stream", host.newId);
    stream(host, call, caller).catch((bug: unknown) => {
      call.emit("error", toGrpcStatus(toAgentError(bug, host.log), caller.requestId));
    });
  };
}

async function stream(
  host: Host,
  call: ServerWritableStream<Buffer, agentPb.StreamEvent>,
  caller: Caller,
): Promise<void> {
  const callId = host.newId();
  const asked = host.reader.readInvoke(call.request, caller.routed);
  let sequence = 0;
  let failed: AgentError | undefined;
  let usage: Usage | undefined;
  const used = (of: Usage | undefined): void => {
    usage = of;
  };
  for await (const event of answer(host, asked, caller, callId, used)) {
    if (event.kind === "error" && sequence === 0) {
      failed = event.error;
      continue;
    }
    sequence++;
    const wire = eventToWire(event, { callId, requestId: caller.requestId, sequence });
    await writeEvent(call, wire, caller.signal);
  }
  if (failed === undefined) call.end(usageMetadata(usage));
  else call.emit("error", toFirstStatus(failed, caller.requestId, usage));
}
