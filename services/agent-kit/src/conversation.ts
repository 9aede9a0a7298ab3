// What a conversation remembers from turn to turn.

import { AgentError, agentError } from "./agent-error.ts";
import { type Ask, type Message, textOf } from "./call.ts";
import type { LastEvent } from "./to-wire.ts";

/** The most text a conversation holds, in UTF-16 units. */
const mostText = 4_000_000;

/** The turns so far. */
export interface Conversation {
  /** The turn with all that came before it; a refusal where there is no room for it. */
  ask(turn: Ask | AgentError): Ask | AgentError;
  /**
   * Keeps a turn that ended well with its answer, and a cancelled one with what
   * had been said; one that failed, or was cancelled before a word, leaves no trace.
   */
  ended(turn: Ask | AgentError, text: string, last: LastEvent): void;
}

/** @param mostMessages The most messages one request may hold, by the contract. */
export function createConversation(mostMessages: number): Conversation {
  let history: readonly Message[] = [];
  return {
    ask(turn) {
      if (turn instanceof AgentError) return turn;
      const messages = [...history, ...turn.messages];
      if (messages.length <= mostMessages && lengthOf(messages) <= mostText) {
        return { ...turn, messages };
      }
      return agentError("RESOURCE_EXHAUSTED", "the conversation is full: begin a new one", {
        reason: "CONVERSATION_FULL",
      });
    },
    ended(turn, text, last) {
      if (turn instanceof AgentError) return;
      const kept = last.kind === "done" || (last.error.code === "CANCELLED" && text !== "");
      if (kept) history = [...history, ...turn.messages, { role: "assistant", content: text }];
    },
  };
}

function lengthOf(messages: readonly Message[]): number {
  return messages.reduce((sum, message) => sum + textOf(message).length, 0);
}
