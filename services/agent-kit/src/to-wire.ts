// An answer becomes the contract's messages.

import { agentPb, timestampPb } from "@smartcall/protos";
import type { AgentError } from "./agent-error.ts";
import type { FinishReason, Usage } from "./pieces.ts";
import { toRpcStatus } from "./rpc-status.ts";

/** One event of an answer. The last is `done` or `error`, and only the last. */
export type AnswerEvent =
  | { readonly kind: "delta"; readonly text: string }
  | { readonly kind: "heartbeat" }
  | LastEvent;

/** How an answer ended. */
export type LastEvent =
  | { readonly kind: "done"; readonly finishReason: FinishReason; readonly usage: Usage }
  | { readonly kind: "error"; readonly error: AgentError };

/** Where an event belongs. */
export interface EventPlace {
  readonly callId: string;
  readonly requestId: string;
  /** 1 for a call's first event, then one more each. */
  readonly sequence: number;
}

/** An event as `Stream` and `Converse` send it. */
export function eventToWire(event: AnswerEvent, place: EventPlace): agentPb.StreamEvent {
  const wire = new agentPb.StreamEvent();
  wire.setCallId(place.callId);
  wire.setSequence(place.sequence);
  switch (event.kind) {
    case "delta": {
      const delta = new agentPb.Delta();
      delta.setContent(event.text);
      wire.setDelta(delta);
      return wire;
    }
    case "heartbeat":
      wire.setHeartbeat(new agentPb.Heartbeat());
      return wire;
    case "done": {
      const done = new agentPb.Done();
      done.setFinishReason(event.finishReason);
      done.setUsage(usageToWire(event.usage));
      wire.setDone(done);
      return wire;
    }
    case "error":
      wire.setError(toRpcStatus(event.error, place.requestId));
      return wire;
  }
}

/** A whole answer, as `Invoke` sends it. */
export interface WholeAnswer {
  readonly callId: string;
  /** When the call began, in milliseconds since 1970. */
  readonly beganAt: number;
  readonly text: string;
  readonly finishReason: FinishReason;
  readonly usage: Usage;
}

export function answerToWire(answer: WholeAnswer): agentPb.InvokeResponse {
  const message = new agentPb.Message();
  message.setRole("assistant");
  message.setContent(answer.text);
  const beganAt = new timestampPb.Timestamp();
  beganAt.fromDate(new Date(answer.beganAt));
  const wire = new agentPb.InvokeResponse();
  wire.setId(answer.callId);
  wire.setMessage(message);
  wire.setFinishReason(answer.finishReason);
  wire.setUsage(usageToWire(answer.usage));
  wire.setCreateTime(beganAt);
  return wire;
}

/** Both counts are set also where they are 0. */
function usageToWire(usage: Usage): agentPb.Usage {
  const wire = new agentPb.Usage();
  wire.setInputTokens(usage.inputTokens);
  wire.setOutputTokens(usage.outputTokens);
  return wire;
}
