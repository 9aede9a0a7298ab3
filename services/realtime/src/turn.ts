// One turn of a conversation: a gRPC call of its own, whose events go to the socket.

import type { JsonObject } from "@bufbuild/protobuf";
import { type ClientReadableStream, type ServiceError, status } from "@grpc/grpc-js";
import type { Contract } from "./contract.ts";
import { isObject } from "./json.ts";
import { asStatus, type Refusal, reasonIn, refusal, refusalOf } from "./refusal.ts";

/** How a turn ended, and what was said. */
export interface TurnEnd {
  /** `done`; `cancelled`; `failed`, which leaves no trace; `refused`, which never began. */
  readonly how: "done" | "cancelled" | "failed" | "refused";
  /** Undefined where it could not be kept. */
  readonly text: string | undefined;
  /** Why the gateway or the agent refused it. */
  readonly reason?: string | undefined;
}

/** What a turn is told to. */
export interface TurnTells {
  event(event: JsonObject): void;
  refused(error: Refusal): void;
  /** So many bytes more are answered; whether they can be kept. Not asked again after a no. */
  keeps(bytes: number): boolean;
  ended(end: TurnEnd): void;
}

/** A turn that runs. */
export interface Turn {
  /** Its caller wants no more of it: it ends with `error` CANCELLED. */
  cancel(): void;
  /** Its caller is gone. */
  drop(): void;
  /** Its caller reads too slowly; from `resume` on it does not. */
  pause(): void;
  resume(): void;
}

/** Follows a call to its end: exactly one last event, whatever becomes of the call. */
export function followTurn(
  stream: ClientReadableStream<Buffer>,
  { contract, requestId }: { readonly contract: Contract; readonly requestId: string },
  tells: TurnTells,
): Turn {
  let texts: string[] | undefined = [];
  let callId = "";
  let sequence = 0;
  let over = false;
  const end = (how: TurnEnd["how"], reason?: string): void => {
    over = true;
    tells.ended({ how, text: texts?.join(""), reason });
  };
  /** Says in the agent's place how its answer ended. */
  const endWith = (how: "cancelled" | "failed", error: Refusal): void => {
    tells.event({ callId, sequence: sequence + 1, error: asStatus(error) });
    end(how, reasonIn(error.details));
  };
  const keep = (text: string): void => {
    if (texts === undefined) return;
    if (tells.keeps(Buffer.byteLength(text))) texts.push(text);
    else texts = undefined;
  };

  stream.on("data", (bytes: Buffer) => {
    if (over) return;
    const event = contract.event(bytes);
    if (event === undefined) {
      const words = "The agent's answer could not be understood.";
      endWith("failed", refusal("BAD_ANSWER", words, requestId));
      stream.cancel();
      return;
    }
    if (typeof event["callId"] === "string") callId = event["callId"];
    sequence = typeof event["sequence"] === "number" ? event["sequence"] : sequence + 1;
    const { delta } = event;
    if (isObject(delta) && typeof delta["content"] === "string") keep(delta["content"]);
    tells.event(event);
    if ("done" in event) end("done");
    else if ("error" in event) end(isCancelled(event["error"]) ? "cancelled" : "failed");
  });
  stream.on("error", (error: ServiceError) => {
    if (over) return;
    if (sequence > 0) {
      endWith("failed", breakOf(error, requestId));
      return;
    }
    const why = refusalOf(error, contract, requestId);
    tells.refused(why);
    end("refused", reasonIn(why.details));
  });
  stream.on("end", () => {
    // Where the call failed, the error that says why is about to come.
    setImmediate(() => {
      if (!over) endWith("failed", refusal("STREAM_BROKEN", "The answer broke off.", requestId));
    });
  });

  return {
    cancel() {
      if (over) return;
      endWith("cancelled", refusal("CANCELLED", "The turn was cancelled.", requestId));
      stream.cancel();
    },
    drop() {
      over = true;
      stream.cancel();
    },
    pause: () => void stream.pause(),
    resume: () => void stream.resume(),
  };
}

/** Why an answer that had begun has no end of its own. */
function breakOf({ code, details }: ServiceError, requestId: string): Refusal {
  return code === status.DEADLINE_EXCEEDED
    ? refusal("DEADLINE_EXCEEDED", "The answer was not whole in time.", requestId)
    : refusal("STREAM_BROKEN", `The answer broke off: ${details}`, requestId);
}

function isCancelled(error: JsonObject[string] | undefined): boolean {
  return isObject(error) && error["code"] === 1;
}
