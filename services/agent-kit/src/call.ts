// One call, as an agent sees it: plain values, nothing of any wire.

import type { Log } from "@smartcall/runtime";
import type { EgressPlace, Peer } from "./calls/peer.ts";
import type { Identity } from "./identity.ts";

/** What a caller asks, with the settings it gave. Absent ones are the agent's choice. */
export interface Ask {
  /** The conversation, oldest first; the last message is to be answered. At least one. */
  readonly messages: readonly Message[];
  /** 0 (always the likeliest token) to 2. */
  readonly temperature?: number;
  /** The most tokens to answer with; an answer that ends there has finish reason `length`. */
  readonly maxTokens?: number;
  /** 0 to 1: only the likeliest tokens that together reach it are considered. */
  readonly topP?: number;
  /** The same seed, settings and messages give the same answer, where the agent can. */
  readonly seed?: number;
  /** Texts that end the answer where they would appear, and are no part of it. */
  readonly stop: readonly string[];
  /** The model wanted, where the agent has several. */
  readonly model?: string;
}

/** One call. A copy of it (`{ ...call }`) has neither `signal` nor `log`: pass it on as it is. */
export interface Call extends Ask {
  /** Names the call; the caller is told it. */
  readonly id: string;
  /** The id the edge gave the request. */
  readonly requestId: string;
  /** The trace the call is part of: 32 hexadecimal digits. */
  readonly traceId: string;
  /** The agent's own name. */
  readonly self: string;
  /** Who made the call: `gateway`, or an agent's name; absent outside a mesh. */
  readonly from?: string;
  /** The text of the last message with role `user`; "" where there is none. */
  readonly lastUserText: string;
  /** Whom the caller's token names; absent on a call without a token. */
  readonly caller?: Identity;
  /** The names that the client's certificate has; absent where it showed none. */
  readonly certificateNames?: readonly string[];
  /**
   * The most tokens that the call may use, read and written together: what the caller's
   * budget leaves it. Absent where the route has no budget. See `usage`.
   */
  readonly grant?: number;
  /** When the caller stops waiting; the signal aborts then. */
  readonly deadline?: Date;
  /** Aborts when the caller has left, its token has expired or the deadline has passed. */
  readonly signal: AbortSignal;
  /** Each line carries the call's ids. */
  readonly log: Log;
  /** Another agent of the mesh, which `mesh.yaml` lists under this one's `calls`. */
  agent(name: string): Peer;
  /** A host outside the mesh, which `mesh.yaml` lists under `egress`. */
  egress(name: string): EgressPlace;
}

export const roles = ["system", "user", "assistant", "tool"] as const;
/** Who speaks. */
export type Role = (typeof roles)[number];

/** One message: either `content`, or `parts` where it is more than text. */
export interface Message {
  readonly role: Role;
  /** The text; "" where there are parts. */
  readonly content: string;
  readonly parts?: readonly Part[];
}

/** One part of a message. */
export type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "image"; readonly source: ImageSource; readonly mediaType: string }
  | {
      readonly kind: "toolCall";
      readonly id: string;
      readonly name: string;
      readonly arguments: { readonly [name: string]: JsonValue };
    }
  | {
      readonly kind: "toolResult";
      readonly id: string;
      readonly content: string;
      readonly failed: boolean;
    };

/** A value as JSON has them. */
export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue };

/** A picture, by address or by its bytes. */
export type ImageSource =
  | { readonly kind: "url"; readonly url: string }
  | { readonly kind: "data"; readonly data: Uint8Array };

/** All text of a message: its content, or its text parts one after another. */
export function textOf(message: Message): string {
  const parts = message.parts ?? [];
  if (parts.length === 0) return message.content;
  return parts.map((part) => (part.kind === "text" ? part.text : "")).join("");
}

/** The text of the last message with role `user`; "" where there is none. */
export function lastUserText(messages: readonly Message[]): string {
  const last = messages.findLast((message) => message.role === "user");
  return last === undefined ? "" : textOf(last);
}
