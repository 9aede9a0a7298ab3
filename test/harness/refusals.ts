// How each refusal is told, written out once more: the tests must not read it from the table they test.

/** What callers are told. */
export interface Told {
  /** The HTTP status of REST's answer, and the canonical code of both doors. */
  readonly http: number;
  readonly code: keyof typeof grpcNumbers;
  readonly reason: string;
  readonly fault: "client" | "policy" | "agent" | "provider";
  readonly retry: "no" | "yes";
}

/** Canonical codes as gRPC numbers them. */
export const grpcNumbers = {
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

const byClient = { fault: "client", retry: "no" } as const;
const byPolicy = { fault: "policy", retry: "no" } as const;

export const invalid = {
  http: 400,
  code: "INVALID_ARGUMENT",
  reason: "INVALID_REQUEST",
  ...byClient,
} as const satisfies Told;

export const notAccepted = {
  http: 401,
  code: "UNAUTHENTICATED",
  reason: "TOKEN_NOT_ACCEPTED",
  ...byClient,
} as const satisfies Told;

export const revoked = {
  http: 401,
  code: "UNAUTHENTICATED",
  reason: "TOKEN_REVOKED",
  ...byPolicy,
} as const satisfies Told;

/** What policy forbids, for one of its reasons. */
export function forbidden(reason: string): Told {
  return { http: 403, code: "PERMISSION_DENIED", reason, ...byPolicy };
}

/** What is not there, for one of its reasons. */
export function notFound(reason: string): Told {
  return { http: 404, code: "NOT_FOUND", reason, ...byClient };
}

export const wrongMethod = {
  http: 405,
  code: "UNIMPLEMENTED",
  reason: "METHOD_NOT_ALLOWED",
  ...byClient,
} as const satisfies Told;

/** What is larger than a bound, by its status and reason. */
export function tooLarge(http: number, reason: string): Told {
  return { http, code: "INVALID_ARGUMENT", reason, ...byClient };
}

/** What is counted, and is too much, for one of its reasons. */
export function tooMuch(reason: string): Told {
  return { http: 429, code: "RESOURCE_EXHAUSTED", reason, fault: "policy", retry: "yes" };
}

export const uncounted = {
  http: 503,
  code: "UNAVAILABLE",
  reason: "QUOTA_UNAVAILABLE",
  fault: "policy",
  retry: "yes",
} as const satisfies Told;

export const unavailable = {
  http: 503,
  code: "UNAVAILABLE",
  reason: "AGENT_UNAVAILABLE",
  fault: "agent",
  retry: "yes",
} as const satisfies Told;

export const tooLate = {
  http: 504,
  code: "DEADLINE_EXCEEDED",
  reason: "DEADLINE_EXCEEDED",
  fault: "agent",
  retry: "no",
} as const satisfies Told;

export const full = {
  http: 429,
  code: "RESOURCE_EXHAUSTED",
  reason: "RESOURCE_EXHAUSTED",
  fault: "agent",
  retry: "yes",
} as const satisfies Told;
