// Why calls are refused: the one table that the gateway, the kit, the docs and the tests read.

import type { Again, CanonicalCode, Fault } from "./codes.ts";

/** What is known of a reason, whichever call it refuses. */
export interface ReasonRow {
  /** The HTTP status of REST's answer. */
  readonly http: number;
  /** The canonical code of both doors. */
  readonly status: CanonicalCode;
  readonly fault: Fault;
  readonly retry: Again;
  /** After how many seconds, where that is always the same; else, if it is known, the answer says it. */
  readonly retrySeconds?: number;
  /** What happened. */
  readonly why: string;
  /** What its caller can do. */
  readonly remedy: string;
}

/** Every reason that the gateway or the kit gives, in the order of the docs. */
export const reasons = {
  INVALID_REQUEST: {
    http: 400,
    status: "INVALID_ARGUMENT",
    fault: "client",
    retry: "no",
    why: "The request is not as the contract asks.",
    remedy: "The message and the field violations say what is wrong.",
  },
  INPUT_TOO_LARGE: {
    http: 400,
    status: "INVALID_ARGUMENT",
    fault: "client",
    retry: "no",
    why: "The call needs more tokens than the budget of its route ever grants one call.",
    remedy: "Say less.",
  },
  TOKEN_NOT_ACCEPTED: {
    http: 401,
    status: "UNAUTHENTICATED",
    fault: "client",
    retry: "no",
    why: "No token, two of them, one that has expired, or one that was made for something else.",
    remedy: "Get a new token.",
  },
  TOKEN_EXPIRED: {
    http: 401,
    status: "UNAUTHENTICATED",
    fault: "client",
    retry: "no",
    why: "The token expired while the call ran.",
    remedy: "Call again with a new token.",
  },
  TOKEN_REVOKED: {
    http: 401,
    status: "UNAUTHENTICATED",
    fault: "policy",
    retry: "no",
    why: "The token, or its holder, was revoked.",
    remedy: "Ask the mesh's operator.",
  },
  SCOPE_MISSING: {
    http: 403,
    status: "PERMISSION_DENIED",
    fault: "policy",
    retry: "no",
    why: "The token lacks a scope, which the message names.",
    remedy: "Ask for a token that has it.",
  },
  NOT_ALLOWED: {
    http: 403,
    status: "PERMISSION_DENIED",
    fault: "policy",
    retry: "no",
    why: "The route is for callers with another claim, certificate or address.",
    remedy: "Ask the mesh's operator, who finds the route by the rule.",
  },
  NO_ROUTE: {
    http: 403,
    status: "PERMISSION_DENIED",
    fault: "policy",
    retry: "no",
    why: "The agent exists, but no route of it takes this call, for want of a claim, a header or a model.",
    remedy: "Ask the mesh's operator.",
  },
  UPGRADE_NOT_ALLOWED: {
    http: 403,
    status: "PERMISSION_DENIED",
    fault: "client",
    retry: "no",
    why: "A tunnel or another protocol was asked for.",
    remedy: "Call by REST or gRPC.",
  },
  UNKNOWN_AGENT: {
    http: 404,
    status: "NOT_FOUND",
    fault: "client",
    retry: "no",
    why: "No agent has this name, or it has no such method.",
    remedy: "Check the path; methods are `invoke` and `stream`.",
  },
  UNKNOWN_PATH: {
    http: 404,
    status: "NOT_FOUND",
    fault: "client",
    retry: "no",
    why: "Nothing is at this path.",
    remedy: "Check the path.",
  },
  UNKNOWN_SERVICE: {
    http: 404,
    status: "UNIMPLEMENTED",
    fault: "client",
    retry: "no",
    why: "A gRPC service other than `smartcall.v1.AgentService` was called.",
    remedy: "Call that one.",
  },
  METHOD_NOT_ALLOWED: {
    http: 405,
    status: "UNIMPLEMENTED",
    fault: "client",
    retry: "no",
    why: "The path takes another HTTP method.",
    remedy: "Use one that the header `allow` names.",
  },
  REQUEST_TIMEOUT: {
    http: 408,
    status: "DEADLINE_EXCEEDED",
    fault: "client",
    retry: "yes",
    why: "The request did not arrive whole in time: the network is slow, or the client stopped sending.",
    remedy: "Send it faster, or less.",
  },
  REQUEST_TOO_LARGE: {
    http: 413,
    status: "INVALID_ARGUMENT",
    fault: "client",
    retry: "no",
    why: "The body, or a message of a gRPC call, is larger than the message of the refusal says.",
    remedy: "Send less.",
  },
  PATH_TOO_LONG: {
    http: 414,
    status: "INVALID_ARGUMENT",
    fault: "client",
    retry: "no",
    why: "The path with its query is longer than the message of the refusal says.",
    remedy: "Put what it says into the body.",
  },
  RATE_LIMITED: {
    http: 429,
    status: "RESOURCE_EXHAUSTED",
    fault: "policy",
    retry: "yes",
    why: "Too many calls in a window of time.",
    remedy: "Call again after `retry-after`.",
  },
  TOO_MANY_AT_ONCE: {
    http: 429,
    status: "RESOURCE_EXHAUSTED",
    fault: "policy",
    retry: "yes",
    why: "Too many calls of the caller run.",
    remedy: "Call again when one of them has ended.",
  },
  BUDGET_SPENT: {
    http: 429,
    status: "RESOURCE_EXHAUSTED",
    fault: "policy",
    retry: "yes",
    why: "Less is left of a budget than the call needs.",
    remedy: "Call again when the budget's next window begins, or ask the mesh's operator for more.",
  },
  AGENT_BUSY: {
    http: 429,
    status: "RESOURCE_EXHAUSTED",
    fault: "agent",
    retry: "yes",
    retrySeconds: 1,
    why: "All places of the agent are taken, those to wait in too.",
    remedy: "Call again after `retry-after`.",
  },
  CONVERSATION_FULL: {
    http: 429,
    status: "RESOURCE_EXHAUSTED",
    fault: "client",
    retry: "no",
    why: "The conversation has grown too long, or has used what it was granted.",
    remedy: "Begin a new one.",
  },
  HEADERS_TOO_LARGE: {
    http: 431,
    status: "INVALID_ARGUMENT",
    fault: "client",
    retry: "no",
    why: "The headers are larger than the message of the refusal says, or more than 100.",
    remedy: "Send fewer.",
  },
  CANCELLED: {
    http: 499,
    status: "CANCELLED",
    fault: "client",
    retry: "no",
    why: "The caller hung up, or cancelled a turn.",
    remedy: "Nothing.",
  },
  AGENT_FAILED: {
    http: 500,
    status: "INTERNAL",
    fault: "agent",
    retry: "no",
    why: "A bug of the agent, whose log has it under the request's id.",
    remedy: "Tell its author.",
  },
  INTERNAL: {
    http: 500,
    status: "INTERNAL",
    fault: "agent",
    retry: "no",
    why: "The gateway, or an agent that does not say why, failed.",
    remedy: "Tell the operator.",
  },
  BAD_ANSWER: {
    http: 502,
    status: "UNAVAILABLE",
    fault: "agent",
    retry: "yes",
    retrySeconds: 1,
    why: "The agent answered something that is no gRPC.",
    remedy: "Tell the operator.",
  },
  AGENT_UNAVAILABLE: {
    http: 503,
    status: "UNAVAILABLE",
    fault: "agent",
    retry: "yes",
    retrySeconds: 1,
    why: "No instance of the agent can be reached.",
    remedy: "Call again after `retry-after`.",
  },
  AGENT_ENDING: {
    http: 503,
    status: "UNAVAILABLE",
    fault: "agent",
    retry: "yes",
    why: "The instance is going away.",
    remedy: "Call again: another takes it.",
  },
  QUOTA_UNAVAILABLE: {
    http: 503,
    status: "UNAVAILABLE",
    fault: "policy",
    retry: "yes",
    retrySeconds: 1,
    why: "The route takes calls only while they can be counted, and the quota service does not answer.",
    remedy: "Call again after `retry-after`; if it lasts, tell the operator.",
  },
  DEADLINE_EXCEEDED: {
    http: 504,
    status: "DEADLINE_EXCEEDED",
    fault: "agent",
    retry: "no",
    why: "The answer was not whole in time.",
    remedy: "Give it longer, or ask for less.",
  },
} as const satisfies Readonly<Record<string, ReasonRow>>;

/** A reason of the table. */
export type Reason = keyof typeof reasons;

/** What is known of a reason; undefined for one that is an agent's own. */
export function reasonRow(reason: string): ReasonRow | undefined {
  const rows: Readonly<Record<string, ReasonRow>> = reasons;
  return Object.hasOwn(reasons, reason) ? rows[reason] : undefined;
}
