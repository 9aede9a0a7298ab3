// The turns of a conversation that have not ended, first come first served.

import { type AgentError, agentError } from "./agent-error.ts";
import type { Ask } from "./call.ts";

/** One turn: what is asked, and how to stop it. */
export interface Turn {
  readonly asked: Ask | AgentError;
  readonly stop: AbortController;
}

export interface TurnQueue {
  readonly size: number;
  add(asked: Ask | AgentError): void;
  /** The first turn, which stays first until `ended`; undefined once closed and empty. */
  first(): Promise<Turn | undefined>;
  /** The first turn has ended. */
  ended(): void;
  /** Stops the first turn, also before `first` gave it out. */
  cancel(): void;
  /** No turn comes any more. With `stop`, those still there are stopped with it. */
  close(stop?: AgentError): void;
}

export function turnQueue(): TurnQueue {
  const turns: Turn[] = [];
  let closed = false;
  let wake = (): void => undefined;
  return {
    get size() {
      return turns.length;
    },
    add(asked) {
      if (closed) return;
      turns.push({ asked, stop: new AbortController() });
      wake();
    },
    async first() {
      while (turns.length === 0 && !closed) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      return turns[0];
    },
    ended() {
      turns.shift();
    },
    cancel() {
      turns[0]?.stop.abort(agentError("CANCELLED", "the turn was cancelled"));
    },
    close(stop) {
      closed = true;
      if (stop !== undefined) for (const turn of turns) turn.stop.abort(stop);
      wake();
    },
  };
}
