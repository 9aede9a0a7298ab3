// A WebSocket to an agent, as its user sees it.
import type { AnswerStream } from "../answer-stream.ts";
import type { Ask } from "../ask.ts";
import type { SmartCallError } from "../errors.ts";
import type { CallOptions } from "../options.ts";
import type { Link } from "./link.ts";

/** How one turn is asked for. */
export type TurnOptions = Pick<CallOptions, "timeoutMs" | "retries" | "idempotent" | "signal">;

/** How a turn of a conversation is begun. */
export type AskTurn = (conversation: string, ask: Ask, options: TurnOptions) => AnswerStream;

/**
 * A WebSocket to one agent, with conversations that the gateway remembers while it is open. Where
 * it ends so do they: it is never opened again by itself.
 */
export class ConverseSocket {
  /** The agent's name. */
  readonly agent: string;
  /** Resolves once it is closed, with why; with undefined where you closed it. */
  readonly closed: Promise<SmartCallError | undefined>;
  readonly #link: Link;
  readonly #ask: AskTurn;
  #named = 0;

  /** Made by `converse`. */
  constructor(agent: string, link: Link, ask: AskTurn) {
    this.agent = agent;
    this.closed = link.closed;
    this.#link = link;
    this.#ask = ask;
  }

  /**
   * Whether the gateway is going away: turns that run come to their end, others are refused.
   * Open another socket.
   */
  get draining(): boolean {
    return this.#link.draining;
  }

  /**
   * A conversation. Those of one name are one; without a name it is a fresh one. A socket holds
   * 16. Throws TypeError for a name of none or more than 64 characters.
   */
  conversation(name = `conversation-${++this.#named}`): Conversation {
    if (name.length < 1 || name.length > 64) {
      throw new TypeError("The name of a conversation has 1 to 64 characters.");
    }
    return new Conversation(name, this.#link, this.#ask);
  }

  /** Closes it. Turns that run are cancelled. Resolves once it is closed. */
  async close(): Promise<void> {
    this.#link.close();
    await this.closed;
  }
}

/** A conversation: the agent sees the turns before. */
export class Conversation {
  readonly name: string;
  readonly #link: Link;
  readonly #ask: AskTurn;

  /** Made by `socket.conversation`. */
  constructor(name: string, link: Link, ask: AskTurn) {
    this.name = name;
    this.#link = link;
    this.#ask = ask;
  }

  /**
   * Asks for a turn: a text, or a request with one message. It begins when its first piece is
   * asked for. One runs at a time: another is refused with TURN_RUNNING. Throws TypeError at once
   * for an ask or options that make no sense.
   */
  ask(ask: Ask, options: TurnOptions = {}): AnswerStream {
    return this.#ask(this.name, ask, options);
  }

  /** Forgets what was said, and cancels the turn that runs. The socket has room for another. */
  end(): void {
    this.#link.forget(this.name);
  }
}
