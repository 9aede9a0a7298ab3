// What an agent is, to those who write one.

import type { Log } from "@smartcall/runtime";
import type { Call } from "./call.ts";
import type { OwnService } from "./own/own-service.ts";
import type { Piece } from "./pieces.ts";

/** An agent: a name and the one function that answers. The kit does the rest. */
export interface Agent {
  /** As listed in `mesh.yaml`: lower-case letters, digits and dashes, at most 63. */
  readonly name: string;
  /** The version of the agent's code, shown to operators. */
  readonly version?: string;
  /** What it does, in a sentence, shown to operators. */
  readonly description?: string;
  /**
   * Calls that run at once, and those that may wait. Beyond both a call ends
   * with UNAVAILABLE, the reason AGENT_OVERLOADED. Left out: no bound of the kit's own.
   */
  readonly concurrency?: Concurrency;
  /** The longest silence of a stream before a heartbeat, in milliseconds. Default: 15,000. */
  readonly heartbeatMs?: number;
  /** gRPC services beside the contract, see `ownService`. */
  readonly services?: readonly OwnService[];
  /** Gets ready, such as loads a model. No call comes before it is done. */
  start?(log: Log, health: Health): Promise<void>;
  /** Lets go of what `start` took. No call comes after it has begun. */
  stop?(): Promise<void>;
  /**
   * Answers one call, piece by piece. Returns when the answer is whole; fails on
   * purpose with `throw agentError(…)`; anything else thrown is INTERNAL to the
   * caller. Ends soon after `call.signal` aborts.
   */
  stream(call: Call): AsyncIterable<Piece>;
}

/** How many calls an agent takes. */
export interface Concurrency {
  /** At least 1. */
  readonly running: number;
  /** 0: none waits. */
  readonly waiting: number;
}

/** With this an agent says whether it can take calls. It can from the start. */
export interface Health {
  set(serving: boolean): void;
}
