// `Stream`: the pieces of an answer, each as it comes.

import { agentService } from "@smartcall/protos";
import type { AgentError } from "./agent-error.ts";
import { answer } from "./answer.ts";
import { callerOf } from "./caller.ts";
import { toAgentError } from "./failure.ts";
import type { Caller, Host } from "./host.ts";
import type { Usage } from "./pieces.ts";
import { toFirstStatus, toGrpcStatus } from "./rpc-status.ts";
import { eventToWire } from "./to-wire.ts";
import type { AskedCall } from "./transport/asked-call.ts";
import { usageTrailers } from "./usage-trailer.ts";

/**
 * A failure before the first event is a plain gRPC status, with nothing sent
 * before it, so that REST callers get its HTTP status and Envoy may still retry.
 * After the first event it is the last event, and the gRPC stream ends with OK:
 * an HTTP/1.1 caller could not see any other end.
 */
export function serveStream(host: Host): (call: AskedCall) => void {
  return (call) => {
    const caller = callerOf(call, "stream", host.newId);
    stream(host, call, caller).catch((bug: unknown) => {
      call.fail(toGrpcStatus(toAgentError(bug, host.log), caller.requestId));
    });
  };
}

async function stream(host: Host, call: AskedCall, caller: Caller): Promise<void> {
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
    if (!call.write(agentService.stream.responseSerialize(wire))) await call.room();
  }
  if (failed === undefined) call.end(usageTrailers(usage));
  else call.fail(toFirstStatus(failed, caller.requestId, usage));
}
