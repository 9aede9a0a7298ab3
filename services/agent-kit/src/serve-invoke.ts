// `Invoke`: the pieces of an answer, collected.

import type { handleUnaryCall } from "@grpc/grpc-js";
import type { agentPb } from "@smartcall/protos";
import { AgentError } from "./agent-error.ts";
import { answer } from "./answer.ts";
import { callerOf } from "./caller.ts";
import { toAgentError } from "./failure.ts";
import type { Caller, Host } from "./host.ts";
import { toGrpcStatus } from "./rpc-status.ts";
import { answerToWire } from "./to-wire.ts";

export function serveInvoke(host: Host): handleUnaryCall<Buffer, agentPb.InvokeResponse> {
  return (call, callback) => {
    const caller = callerOf(call, "invoke", host.newId);
    invoke(host, call.request, caller).then(
      (answered) =>
        answered instanceof AgentError
          ? callback(toGrpcStatus(answered, caller.requestId))
          : callback(null, answered),
      (bug: unknown) => callback(toGrpcStatus(toAgentError(bug, host.log), caller.requestId)),
    );
  };
}

async function invoke(
  host: Host,
  request: Buffer,
  caller: Caller,
): Promise<agentPb.InvokeResponse | AgentError> {
  const beganAt = host.clock.now();
  const callId = host.newId();
  const asked = host.reader.readInvoke(request, caller.routed);
  const texts: string[] = [];
  for await (const event of answer(host, asked, caller, callId)) {
    if (event.kind === "delta") texts.push(event.text);
    else if (event.kind === "error") return event.error;
    else if (event.kind === "done") {
      return answerToWire({ ...event, callId, beganAt, text: texts.join("") });
    }
  }
  throw new Error("an answer had no last event");
}
