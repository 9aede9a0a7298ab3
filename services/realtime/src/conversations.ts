// The conversations of one socket: one turn at a time in each, several of them at once.

import type { JsonObject } from "@bufbuild/protobuf";
import type { ClientReadableStream } from "@grpc/grpc-js";
import { bounds } from "./bounds.ts";
import type { ClientFrame } from "./client-frame.ts";
import type { Contract } from "./contract.ts";
import { createHistories, sizeOf } from "./history.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { followTurn, type Turn, type TurnEnd } from "./turn.ts";

/** A turn as a caller asks for it. */
export type TurnFrame = Extract<ClientFrame, { readonly type: "turn" }>;

/** What conversations are held with. */
export interface ConversationsOptions {
  readonly contract: Contract;
  /** The most bytes of a turn, and of all that is remembered. */
  readonly turnBytes: number;
  newId(): string;
  /** Begins a call. */
  call(
    bytes: Buffer,
    turn: {
      readonly requestId: string;
      readonly model: string | undefined;
      readonly timeoutMs: number | undefined;
    },
  ): ClientReadableStream<Buffer>;
  send(frame: JsonObject): void;
  /** A turn was refused by a bound of the socket. */
  beyond(): void;
  ended(end: TurnEnd): void;
}

/** Conversations. */
export interface Conversations {
  /** How many turns run. */
  readonly running: number;
  turn(frame: TurnFrame): void;
  cancel(conversation: string): void;
  /** Forgets one; a turn of it that runs is cancelled. */
  end(conversation: string): void;
  refuse(conversation: string | undefined, error: Refusal): void;
  pause(): void;
  resume(): void;
  /** The caller is gone. */
  drop(): void;
}

/** None yet. */
export function createConversations(options: ConversationsOptions): Conversations {
  const { contract, newId, send, turnBytes } = options;
  const histories = createHistories(turnBytes);
  const turns = new Map<string, Turn>();
  let paused = false;
  const refuse: Conversations["refuse"] = (conversation, error) =>
    send({ type: "refused", ...(conversation !== undefined && { conversation }), error });

  /** The request, or why there is none. */
  const readTurn = (frame: TurnFrame): Buffer | Refusal => {
    const { conversation, message, settings } = frame;
    if (turns.has(conversation)) {
      return refusal(
        "TURN_RUNNING",
        "A turn of this conversation runs: await its end, or cancel it.",
      );
    }
    if (!histories.has(conversation) && histories.size >= bounds.conversations) {
      const words = `A socket holds ${bounds.conversations} conversations: end one, or open another socket.`;
      return refusal("TOO_MANY_CONVERSATIONS", words);
    }
    if (!histories.hasRoom(sizeOf(message))) {
      const words = "The conversations of this socket are full: end one, and begin a new one.";
      return refusal("CONVERSATION_FULL", words);
    }
    const messages = [...histories.messages(conversation), message];
    const read = contract.request({ ...settings, messages });
    return typeof read === "string" ? refusal("INVALID_REQUEST", read) : read;
  };

  const begin = (frame: TurnFrame, bytes: Buffer): void => {
    const { conversation, message, settings, timeoutMs } = frame;
    const requestId = newId();
    const { model } = settings;
    const stream = options.call(bytes, {
      requestId,
      model: typeof model === "string" ? model : undefined,
      timeoutMs,
    });
    histories.begin(conversation);
    const turn = followTurn(
      stream,
      { contract, requestId },
      {
        event: (event) => send({ type: "event", conversation, event }),
        refused: (error) => refuse(conversation, error),
        ended(end) {
          if (turns.get(conversation) === turn) turns.delete(conversation);
          const answer = { role: "assistant", content: end.text };
          // As agents themselves remember: what failed leaves no trace.
          if (end.how === "done" || (end.how === "cancelled" && end.text !== "")) {
            histories.keep(conversation, [message, answer]);
          } else if (histories.messages(conversation).length === 0) {
            histories.forget(conversation);
          }
          options.ended(end);
        },
      },
    );
    turns.set(conversation, turn);
    if (paused) turn.pause();
  };

  return {
    get running() {
      return turns.size;
    },
    refuse,
    turn(frame) {
      const read = readTurn(frame);
      if (Buffer.isBuffer(read)) {
        begin(frame, read);
        return;
      }
      refuse(frame.conversation, read);
      options.beyond();
    },
    cancel: (conversation) => turns.get(conversation)?.cancel(),
    end(conversation) {
      turns.get(conversation)?.cancel();
      histories.forget(conversation);
    },
    pause() {
      paused = true;
      for (const turn of turns.values()) turn.pause();
    },
    resume() {
      paused = false;
      for (const turn of turns.values()) turn.resume();
    },
    drop() {
      for (const turn of turns.values()) turn.drop();
      turns.clear();
    },
  };
}
