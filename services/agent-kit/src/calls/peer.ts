// Another agent, as the code of an agent calls it.

import type { Ask } from "../call.ts";
import type { OwnMethod } from "../own/own-method.ts";
import type { Done, FinishReason, Usage } from "../pieces.ts";

/** What another agent is asked: a text, which is one message of the user, or all of it. */
export type PeerAsk = string | Partial<Ask>;

/** How long to wait for it. */
export interface PeerLimits {
  /** In milliseconds. Default, and at most: what is left of the call's own time, less a little. */
  readonly timeoutMs?: number;
  /** Cancels the call where it aborts, before the call's own end does. */
  readonly signal?: AbortSignal;
}

/** A whole answer. */
export interface PeerAnswer {
  readonly id: string;
  readonly text: string;
  readonly finishReason: FinishReason;
  /** What the other agent says its part cost. It is charged there: do not add it to your own. */
  readonly usage: Usage;
}

/** One piece of an answer as it comes; `done` is the last. */
export type PeerPiece = { readonly kind: "delta"; readonly text: string } | Done;

/**
 * Another agent of the mesh. The time that is left, the caller's token, the trace and the
 * request's id go along by themselves, and when the call that it is a part of ends, so does
 * it. A failed call is an `AgentError`; its `details.textSoFar` is what had come until then.
 */
export interface Peer {
  /** The whole answer. */
  invoke(ask: PeerAsk, limits?: PeerLimits): Promise<PeerAnswer>;
  /**
   * The answer as it comes, no faster than it is taken. Ends with `done`, or throws: with
   * reason STREAM_BROKEN where the answer stops without its last event. It begins when it is
   * first asked for a piece, and may be passed on whole: `yield* call.agent("x").stream(ask)`.
   */
  stream(ask: PeerAsk, limits?: PeerLimits): AsyncGenerator<PeerPiece, void, void>;
  /** One answer of a method of the agent's own, beside the contract. */
  invokeOwn<Request, Response>(
    method: OwnMethod<Request, Response>,
    request: Request,
    limits?: PeerLimits,
  ): Promise<Response>;
  /**
   * The answers of such a method that answers with many, no faster than they are taken. It
   * begins when it is first asked for one.
   */
  streamOwn<Request, Response>(
    method: OwnMethod<Request, Response>,
    request: Request,
    limits?: PeerLimits,
  ): AsyncGenerator<Response, void, void>;
}

/** Where a host outside the mesh is reached: through the sidecar, which has its key. */
export interface EgressPlace {
  /** Such as `http://127.0.0.1:20017/openai`: the base of the host's own paths. */
  readonly url: string;
  /** For clients that do not start without a key. The sidecar puts the real one in its place. */
  readonly key: string;
}

/** All of an ask, where a part was given. */
export function wholeAsk(ask: PeerAsk): Ask {
  if (typeof ask !== "string") return { messages: [], stop: [], ...ask };
  return { messages: [{ role: "user", content: ask }], stop: [] };
}
