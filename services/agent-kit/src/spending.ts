// What the turns of a conversation used together, of the one grant that they share.

import { AgentError } from "./agent-error.ts";
import type { Ask } from "./call.ts";
import { grantTooSmall, tokensOf } from "./grant.ts";
import type { Usage } from "./pieces.ts";

export interface Spending {
  /** The turn, or a refusal where nothing is left for it. */
  ask(turn: Ask | AgentError): Ask | AgentError;
  /** What is left for the next turn; nothing is said where no budget bounds the call. */
  left(): { readonly grant?: number };
  /** What a turn used; undefined where that is not known. */
  readonly used: (usage: Usage | undefined) => void;
  /** What all used; undefined where that of one is not known. */
  total(): Usage | undefined;
}

/** @param grant Tokens that the conversation may use; absent, no budget bounds it. */
export function createSpending(grant: number | undefined): Spending {
  let sum: Usage = { inputTokens: 0, outputTokens: 0 };
  let known = true;
  // After a turn of which nobody knows what it used, nothing is left that is sure.
  const left = (): number => (known ? Math.max(0, (grant ?? 0) - tokensOf(sum)) : 0);
  return {
    ask(turn) {
      if (grant === undefined || turn instanceof AgentError || left() > 0) return turn;
      return grantTooSmall(1, 0);
    },
    left: () => (grant === undefined ? {} : { grant: left() }),
    used(usage) {
      if (usage === undefined) known = false;
      else {
        sum = {
          inputTokens: sum.inputTokens + usage.inputTokens,
          outputTokens: sum.outputTokens + usage.outputTokens,
        };
      }
    },
    total: () => (known ? sum : undefined),
  };
}
