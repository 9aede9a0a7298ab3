// What an answer said, in one form for every door that it came by.
import { agentPb, errorDetailsPb } from "@smartcall/protos";
import { listAt, numberAt, textAt, valueAt } from "../harness/json.ts";

/** One event; a word of text is what it is known by: what it says, why it ended, the reason of its failure. */
export interface HeardEvent {
  readonly sequence: number;
  readonly kind: "delta" | "heartbeat" | "done" | "error";
  readonly text: string;
}

/** A whole answer. */
export interface Heard {
  readonly events: readonly HeardEvent[];
  /** How the door ended it: well; cut; or, before any event, with a refusal of this reason. */
  readonly end: "well" | "cut" | { readonly refused: string };
}

/** An event as REST and WebSocket say it. */
export function heardJson(event: unknown): HeardEvent {
  const sequence = numberAt(event, "sequence");
  if (valueAt(event, "delta") !== undefined) {
    return { sequence, kind: "delta", text: textAt(event, "delta", "content") };
  }
  if (valueAt(event, "done") !== undefined) {
    return { sequence, kind: "done", text: textAt(event, "done", "finishReason") };
  }
  if (valueAt(event, "error") !== undefined) {
    return { sequence, kind: "error", text: reasonIn(listAt(event, "error", "details")) };
  }
  if (valueAt(event, "heartbeat") !== undefined) return { sequence, kind: "heartbeat", text: "" };
  throw new Error(`no event: ${JSON.stringify(event)}`);
}

/** The reason among the details of an error; "" where there is none. */
export function reasonIn(details: readonly unknown[]): string {
  return textAt(
    details.find((detail) => textAt(detail, "@type").endsWith("google.rpc.ErrorInfo")),
    "reason",
  );
}

/** An event as gRPC says it. */
export function heardProto(event: unknown): HeardEvent {
  if (!(event instanceof agentPb.StreamEvent)) throw new Error("no event");
  const sequence = event.getSequence();
  const { DELTA, DONE, ERROR, HEARTBEAT } = agentPb.StreamEvent.EventCase;
  switch (event.getEventCase()) {
    case DELTA:
      return { sequence, kind: "delta", text: event.getDelta()?.getContent() ?? "" };
    case DONE:
      return { sequence, kind: "done", text: event.getDone()?.getFinishReason() ?? "" };
    case HEARTBEAT:
      return { sequence, kind: "heartbeat", text: "" };
    case ERROR: {
      const reasons = (event.getError()?.getDetailsList() ?? []).flatMap((detail) => {
        const { deserializeBinary } = errorDetailsPb.ErrorInfo;
        return detail.unpack(deserializeBinary, "google.rpc.ErrorInfo")?.getReason() ?? [];
      });
      return { sequence, kind: "error", text: reasons.join() };
    }
    default:
      throw new Error("an event that says nothing");
  }
}
