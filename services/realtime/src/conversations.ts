// The conversations of one socket: one turn at a time in each, several of them at once.

import type { JsonObject } from "@bufbuild/protobuf";
import type { ClientReadableStream } from "@grpc/grpc-js";
import { bounds } from "./bounds.ts";
import type { ClientFrame } from "./client-frame.ts";
import type { Contract } from "./contract.ts";
import { createHistories } from "./history.ts";
import type { Room, Share } from "./memory.ts";
import { type Refusal, refusal } from "./refusal.ts";
import { followTurn, type Turn, type TurnEnd } from "./turn.ts";

/** A turn as a caller asks for it. */
export type TurnFrame = Extract<ClientFrame, { readonly type: "turn" }>;

/** What conversations are held with. */
export interface ConversationsOptions {
  readonly contract: Contract;
  /** The most bytes of a turn with what was said before it, and of all that is remembered. */
  readonly turnBytes: number;
  /** Where what is held is counted. */
  readonly share: Share;
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
  const { contract, newId, send, share, turnBytes } = options;
  const histories = createHistories((more) => share.hold(more));
  const turns = new Map<string, Turn>();
  /** Bytes of turns that run: what was said in them, and what was answered and is to be kept. */
  let pending = 0;
  let paused = false;
  const refuse: Conversations["refuse"] = (conversation, error) =>
    send({ type: "refused", ...(conversation !== undefined && { conversation }), error });

  /** The request, or why there is none. What it takes is counted. */
  const readTurn = (frame: TurnFrame): Request | Refused => {
    const { conversation, message, settings } = frame;
    if (turns.has(conversation)) {
      return no(
        refusal("TURN_RUNNING", "A turn of this conversation runs: await its end, or cancel it."),
      );
    }
    if (!histories.has(conversation) && histories.size >= bounds.conversations) {
      const words = `A socket holds ${bounds.conversations} conversations: end one, or open another socket.`;
      return no(refusal("TOO_MANY_CONVERSATIONS", words));
    }
    const said = contract.request({ messages: [message] });
    if (typeof said === "string") return no(refusal("INVALID_REQUEST", said));
    const set = contract.request(settings);
    if (typeof set === "string") return no(refusal("INVALID_REQUEST", set));
    if (histories.isFull(conversation)) {
      const words =
        "The conversation is longer than can be remembered: end it, and begin a new one.";
      return no(refusal("CONVERSATION_FULL", words));
    }
    if (histories.bytes + pending + said.length > turnBytes) {
      const words = "The conversations of this socket are full: end one, and begin a new one.";
      return no(refusal("CONVERSATION_FULL", words));
    }
    // As the wire has it (https://protobuf.dev/programming-guides/encoding/#last-one-wins): the
    // parts of a message, one after another, are the message.
    const bytes = Buffer.concat([...histories.messages(conversation), said, set]);
    const room = share.take(bytes.length);
    return room === "room"
      ? { kind: "request", bytes, said }
      : no(refusal("TOO_MANY_SOCKETS", noRoom[room]));
  };

  const begin = (frame: TurnFrame, { bytes, said }: Request): void => {
    const { conversation, settings, timeoutMs } = frame;
    const requestId = newId();
    const { model } = settings;
    const stream = options.call(bytes, {
      requestId,
      model: typeof model === "string" ? model : undefined,
      timeoutMs,
    });
    histories.begin(conversation);
    pending += said.length;
    let answered = 0;
    const turn = followTurn(
      stream,
      { contract, requestId },
      {
        event: (event) => send({ type: "event", conversation, event }),
        refused: (error) => refuse(conversation, error),
        keeps(more) {
          if (histories.bytes + pending + more > turnBytes) return false;
          if (share.take(more) !== "room") return false;
          pending += more;
          answered += more;
          return true;
        },
        ended(end) {
          if (turns.get(conversation) === turn) turns.delete(conversation);
          pending -= said.length + answered;
          share.give(bytes.length + answered);
          remember(conversation, said, end);
          options.ended(end);
        },
      },
    );
    turns.set(conversation, turn);
    if (paused) turn.pause();
  };

  /** As agents themselves remember: what failed leaves no trace. */
  const remember = (conversation: string, said: Uint8Array, { how, text }: TurnEnd): void => {
    const isTold = how === "done" || (how === "cancelled" && text !== "");
    if (isTold && text === undefined) {
      histories.fill(conversation);
    } else if (isTold) {
      const answer = contract.request({ messages: [{ role: "assistant", content: text ?? "" }] });
      if (typeof answer === "string") histories.fill(conversation);
      else histories.keep(conversation, [said, answer]);
    } else if (histories.messages(conversation).length === 0) {
      histories.forget(conversation);
    }
  };

  return {
    get running() {
      return turns.size;
    },
    refuse,
    turn(frame) {
      const read = readTurn(frame);
      if (read.kind === "request") {
        begin(frame, read);
        return;
      }
      refuse(frame.conversation, read.error);
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

/** A turn as it is sent. */
interface Request {
  readonly kind: "request";
  readonly bytes: Buffer;
  /** What of it is remembered. */
  readonly said: Uint8Array;
}

/** Why it is not. */
interface Refused {
  readonly kind: "refused";
  readonly error: Refusal;
}

function no(error: Refusal): Refused {
  return { kind: "refused", error };
}

const noRoom: Readonly<Record<Exclude<Room, "room">, string>> = {
  caller: "The conversations of this caller hold as much as they may: end some, on any socket.",
  all: "The gateway holds as much as it may for all callers: try again, or end conversations.",
};
