// How calls to other agents leave the agent's process.

import type { Ask } from "../call.ts";
import type { Caller } from "../host.ts";
import type { EgressPlace, PeerAnswer, PeerPiece } from "./peer.ts";

/** One call to another agent. */
export interface OutboundCall {
  readonly agent: string;
  readonly ask: Ask;
  /** Whose call it is a part of. */
  readonly caller: Caller;
  /** In milliseconds since 1970; absent, it may take for ever. */
  readonly deadline?: number | undefined;
  /** Cancels it; its reason may be the AgentError to end with. */
  readonly signal: AbortSignal;
}

/** The way out of the process: a sidecar's, or what a test puts in its place. */
export interface Outbound {
  invoke(call: OutboundCall): Promise<PeerAnswer>;
  stream(call: OutboundCall): AsyncGenerator<PeerPiece, void, void>;
  egress(name: string): EgressPlace;
}
