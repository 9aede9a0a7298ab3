// What a caller says by its socket: one JSON object in each text frame.

import type { JsonObject, JsonValue } from "@bufbuild/protobuf";
import { isObject, parseObject } from "./json.ts";

/** A frame that makes sense. */
export type ClientFrame =
  | {
      readonly type: "turn";
      readonly conversation: string;
      readonly message: JsonObject;
      readonly timeoutMs: number | undefined;
      /** All else of an InvokeRequest that was said. */
      readonly settings: JsonObject;
    }
  | { readonly type: "cancel" | "end"; readonly conversation: string }
  | { readonly type: "token"; readonly token: string }
  | { readonly type: "ping" };

/** A frame, what is wrong with one, or that it is none of this protocol at all. */
export type FrameRead =
  | { readonly kind: "frame"; readonly frame: ClientFrame }
  | { readonly kind: "wrong"; readonly problem: string; readonly conversation?: string }
  | { readonly kind: "garbage" };

/** The longest that a turn may be given, in milliseconds. */
const longestMs = 24 * 60 * 60 * 1000;

/** Reads one text frame. */
export function readFrame(text: string): FrameRead {
  const read = parseObject(text);
  if (read === undefined) return { kind: "garbage" };
  const { type, ...said } = read;
  if (typeof type !== "string") return { kind: "garbage" };
  const { conversation } = said;
  const named = isName(conversation) ? { conversation } : {};
  const result = frameOf(type, said);
  return typeof result === "string"
    ? { kind: "wrong", problem: result, ...named }
    : { kind: "frame", frame: result };
}

function frameOf(type: string, said: JsonObject): ClientFrame | string {
  switch (type) {
    case "turn":
      return turnOf(said);
    case "cancel":
    case "end": {
      const { conversation, ...others } = said;
      if (!isName(conversation)) return nameless;
      return strange(type, others) ?? { type, conversation };
    }
    case "token": {
      const { token, ...others } = said;
      if (typeof token !== "string" || !/^[\w.~+/=-]+$/.test(token)) {
        return 'A frame "token" has a field `token`: a text, the token itself.';
      }
      return strange(type, others) ?? { type, token };
    }
    case "ping":
      return strange(type, said) ?? { type };
    default:
      return "The `type` of a frame is turn, cancel, end, token or ping.";
  }
}

function turnOf({ conversation, message, timeoutMs, ...settings }: JsonObject) {
  if (!isName(conversation)) return nameless;
  if (!isObject(message)) return "A turn has a field `message`: an object, what is said.";
  if ("messages" in settings || "agent" in settings) {
    return "A turn has one `message`, for the agent of the socket: it names no `agent` and no `messages`.";
  }
  if (timeoutMs === undefined || isTime(timeoutMs)) {
    return { type: "turn" as const, conversation, message, timeoutMs, settings };
  }
  return "`timeoutMs` is a whole number of milliseconds from 1 to a day's.";
}

function isTime(value: JsonValue): value is number {
  return typeof value === "number" && Number.isInteger(value) && value > 0 && value <= longestMs;
}

const nameless =
  "A frame names its `conversation`: any text of 1 to 64 characters, the same for each turn of it.";

function isName(value: JsonValue | undefined): value is string {
  return typeof value === "string" && value.length > 0 && value.length <= 64;
}

function strange(type: string, others: JsonObject): string | undefined {
  const [field] = Object.keys(others);
  return field === undefined
    ? undefined
    : `A frame "${type}" has no field "${field.slice(0, 64)}".`;
}
