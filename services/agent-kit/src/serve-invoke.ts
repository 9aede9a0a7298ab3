// `Invoke`: the pieces of an answer, collected.

import { type agentPb, agentService } from "@smartcall/protos";
import { AgentError } from "./agent-error.ts";
import { answer } from "./answer.ts";
import { callerOf } from "./caller.ts";
import { toAgentError } from "./failure.ts";
import type { Caller, Host } from "./host.ts";
import type { Usage } from "./pieces.ts";
import { toFirstStatus } from "./rpc-status.ts";
import { answerToWire } from "./to-wire.ts";
import type { AskedCall } from "./transport/asked-call.ts";
import { usageTrailers } from "./usage-trailer.ts";

export function serveInvoke(host: Host): (call: AskedCall) => void {
  return (call) => {
    const caller = callerOf(call, "invoke", host.newId);
    invoke(host, call.request, caller).then(
      ({ answered, usage }) => {
        if (answered instanceof AgentError) {
          call.fail(toFirstStatus(answered, caller.requestId, usage));
        } else {
          call.write(agentService.invoke.responseSerialize(answered));
          call.end(usageTrailers(usage));
        }
      },
      (bug: unknown) => call.fail(toFirstStatus(toAgentError(bug, host.log), caller.requestId)),
    );
  };
}

interface Invoked {
  readonly answered: agentPb.InvokeResponse | AgentError;
  readonly usage: Usage | undefined;
}

async function invoke(host: Host, request: Buffer, caller: Caller): Promise<Invoked> {
  const beganAt = host.clock.now();
  const callId = host.newId();
  const asked = host.reader.readInvoke(request, caller.routed);
  const texts: string[] = [];
  let answered: Invoked["answered"] | undefined;
  let usage: Usage | undefined;
  const used = (of: Usage | undefined): void => {
    usage = of;
  };
  for await (const event of answer(host, asked, caller, callId, used)) {
    if (event.kind === "delta") texts.push(event.text);
    else if (event.kind === "error") answered = event.error;
    else if (event.kind === "done") {
      answered = answerToWire({ ...event, callId, beganAt, text: texts.join("") });
    }
  }
  if (answered === undefined) throw new Error("an answer had no last event");
  return { answered, usage };
}
