// What agents answer.
import type { Message, Part } from "./ask.ts";
import { type JsonObject, objectAt, objectsAt, textAt } from "./json.ts";

/** A whole answer. */
export interface Answer {
  readonly text: string;
  /** The answer as a message, to be put into the next request. */
  readonly message: Message;
  /** `stop`: it is whole; `length`, `tool_calls` or `budget`; later meshes may know more. */
  readonly finishReason: string;
  readonly usage: Usage;
  /** Names the call in the agent's log. */
  readonly callId: string;
  /** By which operators find the call; empty for a turn of a conversation. */
  readonly requestId: string;
}

/** What a call cost, in tokens. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** A piece of an answer as it comes. */
export interface Piece {
  /** To be appended to what came before. */
  readonly text: string;
}

/** The answer that a body of `:invoke` is. */
export function readAnswer(body: JsonObject, requestId: string): Answer {
  const said = objectAt(body, "message");
  const parts: readonly Part[] = objectsAt(said, "parts");
  const content = textAt(said, "content");
  const text = content + parts.map((part) => part.text ?? "").join("");
  const message: Message =
    parts.length === 0 ? { role: "assistant", content } : { role: "assistant", parts };
  return {
    text,
    message,
    finishReason: textAt(body, "finishReason"),
    usage: readUsage(body),
    callId: textAt(body, "id"),
    requestId,
  };
}

/** The usage beside other things; what is not said is 0. */
export function readUsage(beside: JsonObject): Usage {
  const { inputTokens, outputTokens } = objectAt(beside, "usage");
  return { inputTokens: countOf(inputTokens), outputTokens: countOf(outputTokens) };
}

function countOf(value: unknown): number {
  return typeof value === "number" ? value : 0;
}
