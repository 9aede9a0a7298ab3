// What an agent is asked.
import { isObject } from "./json.ts";

/** Who speaks. */
export type Role = "system" | "user" | "assistant" | "tool";

/** One message of a conversation: a text, or parts. */
export interface Message {
  readonly role: Role;
  /** The text, where the message is nothing but text. */
  readonly content?: string | undefined;
  /** The parts, where it is more than text. */
  readonly parts?: readonly Part[] | undefined;
}

/** One part of a message: exactly one of these is there. */
export interface Part {
  readonly text?: string | undefined;
  /** `url`, or `data` in base64 with its `mediaType`. */
  readonly image?:
    | {
        readonly url?: string | undefined;
        readonly data?: string | undefined;
        readonly mediaType?: string | undefined;
      }
    | undefined;
  readonly toolCall?:
    | {
        readonly id: string;
        readonly name: string;
        readonly arguments?: Readonly<Record<string, unknown>> | undefined;
      }
    | undefined;
  readonly toolResult?:
    | {
        readonly id: string;
        readonly content?: string | undefined;
        readonly failed?: boolean | undefined;
      }
    | undefined;
}

/** All that an agent can be asked. */
export interface Request extends Settings {
  /** The conversation so far, oldest first; the last message is to be answered. */
  readonly messages: readonly Message[];
}

/** How to answer. What is left out is the agent's own to choose. */
export interface Settings {
  /** From 0, which takes the likeliest token each time, to 2. */
  readonly temperature?: number | undefined;
  /** The most tokens to answer with; the answer then ends with `length`. */
  readonly maxTokens?: number | undefined;
  readonly topP?: number | undefined;
  readonly seed?: number | undefined;
  /** Texts that end the answer where they would appear. */
  readonly stop?: readonly string[] | undefined;
  readonly model?: string | undefined;
}

/** A text, which is one message of the user, or a whole request. */
export type Ask = string | Request;

/** The body that asks for it. Fields that this version does not know go along. */
export function bodyOf(ask: Ask): string {
  return JSON.stringify(typeof ask === "string" ? { messages: [userSays(ask)] } : ask);
}

/**
 * The same as a turn of a conversation, which has one message: the gateway remembers the others.
 * Throws TypeError for more or fewer.
 */
export function turnOf(ask: Ask): Readonly<Record<string, unknown>> {
  if (typeof ask === "string") return { message: userSays(ask) };
  const { messages, ...settings } = ask;
  const [message] = messages;
  if (messages.length !== 1 || !isObject(message)) {
    throw new TypeError(
      `A turn has one message and not ${messages.length}: the conversation remembers those before it.`,
    );
  }
  return { ...settings, message };
}

function userSays(content: string): Message {
  return { role: "user", content };
}
