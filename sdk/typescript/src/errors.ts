// What calls fail with: one class of error for each kind of remedy.
import { type JsonObject, objectsAt, textAt } from "./json.ts";

/** What is known of a failure. */
export interface ErrorFacts {
  /** The HTTP status, or the one that the failure would have by HTTP; 0: nothing was answered. */
  readonly status: number;
  /** Why, for programs, such as `AGENT_OVERLOADED`. */
  readonly reason: string;
  readonly requestId?: string | undefined;
  readonly retryable?: boolean | undefined;
  readonly retryAfter?: number | undefined;
  readonly fault?: string | undefined;
  readonly rule?: string | undefined;
  readonly details?: readonly ErrorDetail[] | undefined;
  readonly textSoFar?: string | undefined;
  readonly cause?: unknown;
}

/** One detail, as the gateway or the agent said it: `@type` says which kind it is. */
export type ErrorDetail = JsonObject;

/** A field of the request that is wrong. */
export interface FieldProblem {
  /** Its JSON path, such as `messages[0].content`. */
  readonly field: string;
  readonly description: string;
}

/**
 * Why a call failed. Every error of this library is one, but what your own token provider
 * throws, and `TypeError` for arguments that make no sense.
 */
export class SmartCallError extends Error {
  override readonly name: string = "SmartCallError";
  /** The HTTP status, or the one that the failure would have by HTTP; 0: nothing was answered. */
  readonly status: number;
  /** Why, for programs: `docs/refusals.md` has them all. */
  readonly reason: string;
  /** By which operators find the call; empty where none is known. */
  readonly requestId: string;
  /** Whether the same call, unchanged, may succeed later. */
  readonly retryable: boolean;
  /** After how many milliseconds, where that was said. */
  readonly retryAfter: number | undefined;
  /** Whose fault it is: `client`, `policy`, `agent` or `provider`; where that was said. */
  readonly fault: string | undefined;
  /** The rule that refused, such as a route's name; where one did. */
  readonly rule: string | undefined;
  /** All that was said beside the message. */
  readonly details: readonly ErrorDetail[];
  /** What had come of the answer: a part of it. Empty where nothing had. */
  readonly textSoFar: string;

  constructor(message: string, facts: ErrorFacts) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.status = facts.status;
    this.reason = facts.reason;
    this.requestId = facts.requestId ?? "";
    this.retryable = facts.retryable ?? false;
    this.retryAfter = facts.retryAfter;
    this.fault = facts.fault;
    this.rule = facts.rule;
    this.details = facts.details ?? [];
    this.textSoFar = facts.textSoFar ?? "";
  }
}

/** The token is missing, expired or not taken here (401). Get another. */
export class Unauthenticated extends SmartCallError {
  override readonly name = "Unauthenticated";
}

/** An operator's rule does not allow the call (403). Ask for the scope, claim or route. */
export class Forbidden extends SmartCallError {
  override readonly name = "Forbidden";
}

/** No such agent, method or path is there for this caller (404). */
export class NotFound extends SmartCallError {
  override readonly name = "NotFound";
}

/** The request is wrong (400, 413 and other 4xx); `fields` says where. */
export class InvalidRequest extends SmartCallError {
  override readonly name = "InvalidRequest";
  /** The fields that are wrong, where that was said. */
  readonly fields: readonly FieldProblem[];

  constructor(message: string, facts: ErrorFacts) {
    super(message, facts);
    this.fields = fieldsIn(this.details);
  }
}

/** Too many calls, or too many at once (429). Wait as long as `retryAfter` says. */
export class LimitReached extends SmartCallError {
  override readonly name = "LimitReached";
}

/** A budget has less left than the call needs (429, BUDGET_SPENT). */
export class BudgetSpent extends SmartCallError {
  override readonly name = "BudgetSpent";
}

/** The agent, or a service that the mesh needs, cannot answer at present (502, 503). */
export class Unavailable extends SmartCallError {
  override readonly name = "Unavailable";
}

/** The answer was not whole in time (504, 408), by the gateway's time or by `timeoutMs`. */
export class DeadlineExceeded extends SmartCallError {
  override readonly name = "DeadlineExceeded";
}

/** You ended the call, by your signal, `cancel()` or `close()`. */
export class Cancelled extends SmartCallError {
  override readonly name = "Cancelled";
}

/** The answer broke off before its end. `textSoFar` is a part of it, and never the whole. */
export class StreamBroken extends SmartCallError {
  override readonly name = "StreamBroken";
}

/** The gateway was not reached: no connection, no such host, or a certificate not to be trusted. */
export class ConnectionFailed extends SmartCallError {
  override readonly name = "ConnectionFailed";
}

/** The error whose kind fits the status and the reason. */
export function errorOf(message: string, facts: ErrorFacts): SmartCallError {
  const { reason, status } = facts;
  if (reason === "STREAM_BROKEN") return new StreamBroken(message, facts);
  if (reason === "BUDGET_SPENT") return new BudgetSpent(message, facts);
  const kind = kinds.get(status);
  if (kind !== undefined) return new kind(message, facts);
  const isRequest = status >= 400 && status < 500;
  return isRequest ? new InvalidRequest(message, facts) : new SmartCallError(message, facts);
}

/** An answer that broke off. */
export function broken(why: string, facts: Partial<ErrorFacts> = {}): StreamBroken {
  const message = `The answer broke off: ${why}. Call again from the beginning.`;
  return new StreamBroken(message, { ...streamBroken, ...facts });
}

/** What is known of all that break off. */
export const streamBroken = { status: 503, reason: "STREAM_BROKEN", retryable: true } as const;

type Kind = new (message: string, facts: ErrorFacts) => SmartCallError;

const kinds: ReadonlyMap<number, Kind> = new Map<number, Kind>([
  [401, Unauthenticated],
  [403, Forbidden],
  [404, NotFound],
  [408, DeadlineExceeded],
  [429, LimitReached],
  [499, Cancelled],
  [502, Unavailable],
  [503, Unavailable],
  [504, DeadlineExceeded],
]);

function fieldsIn(details: readonly ErrorDetail[]): readonly FieldProblem[] {
  const violations = details.flatMap((detail) => objectsAt(detail, "fieldViolations"));
  return violations.map((violation) => ({
    field: textAt(violation, "field"),
    description: textAt(violation, "description"),
  }));
}
