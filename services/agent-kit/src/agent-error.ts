// How an agent fails on purpose.

import type { status } from "@grpc/grpc-js";
import type { Fault, Violation } from "@smartcall/protos";

/** A canonical code, such as `RESOURCE_EXHAUSTED`. */
export type ErrorCode = Exclude<keyof typeof status, "OK">;

/** What else a caller is told. */
export interface ErrorDetails {
  /** Tells failures of one code apart: capitals and underscores. Default: the code. */
  readonly reason?: string;
  /** Facts about the failure, shown to the caller. */
  readonly metadata?: Readonly<Record<string, string>>;
  /**
   * Whose fault it is: of the caller (`client`), of what operators decided (`policy`),
   * of the `agent`, or of a service that it uses (`provider`). Default: by the code,
   * such as `client` for INVALID_ARGUMENT and `agent` for INTERNAL.
   */
  readonly fault?: Fault;
  /**
   * Whether the same call may succeed later. Default: where `retryAfterMs` says when,
   * or the code is UNAVAILABLE, RESOURCE_EXHAUSTED or ABORTED.
   */
  readonly retry?: boolean;
  /** After how many milliseconds the same call may succeed. */
  readonly retryAfterMs?: number;
  /** What is wrong with the request. */
  readonly violations?: readonly Violation[];
  /**
   * Of a call to another agent: what had come of its answer when it failed. Never told to
   * one's own caller.
   */
  readonly textSoFar?: string;
}

const brand = Symbol.for("smartcall.AgentError");

/**
 * A failure whose code and message the caller is told. One of another copy of this library,
 * such as a loader of tests makes, is an instance too.
 */
export class AgentError extends Error {
  static override [Symbol.hasInstance](value: unknown): value is AgentError {
    return typeof value === "object" && value !== null && brand in value;
  }

  override readonly name = "AgentError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message);
    this.code = code;
    this.details = details;
  }

  get [brand](): true {
    return true;
  }
}

/**
 * A failure to throw from `stream`: the caller is told its code, message and
 * details. An answer that had begun then is partial.
 */
export function agentError(code: ErrorCode, message: string, details?: ErrorDetails): AgentError {
  return new AgentError(code, message, details);
}
