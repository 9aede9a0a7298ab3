// How calls to other agents leave the agent's process.

import type { Ask } from "../call.ts";
import type { Caller } from "../host.ts";
import type { OwnMethod } from "../own/own-method.ts";
import type { EgressPlace, PeerAnswer, PeerPiece } from "./peer.ts";

/** One call to another agent, whatever it asks. */
export interface OutboundLeg {
  readonly agent: string;
  /** Whose call it is a part of. */
  readonly caller: Caller;
  /** In milliseconds since 1970; absent, it may take for ever. */
  readonly deadline?: number | undefined;
  /** Cancels it; its reason may be the AgentError to end with. */
  readonly signal: AbortSignal;
}

/** One call of the contract. */
export interface OutboundCall extends OutboundLeg {
  readonly ask: Ask;
}

/** One call of a method of the other agent's own. */
export interface OwnOutboundCall<Request, Response> extends OutboundLeg {
  readonly method: OwnMethod<Request, Response>;
  readonly request: Request;
}

/** The way out of the process: a sidecar's, or what a test puts in its place. */
export interface Outbound {
  invoke(call: OutboundCall): Promise<PeerAnswer>;
  stream(call: OutboundCall): AsyncGenerator<PeerPiece, void, void>;
  invokeOwn<Request, Response>(call: OwnOutboundCall<Request, Response>): Promise<Response>;
  streamOwn<Request, Response>(
    call: OwnOutboundCall<Request, Response>,
  ): AsyncGenerator<Response, void, void>;
  egress(name: string): EgressPlace;
}
