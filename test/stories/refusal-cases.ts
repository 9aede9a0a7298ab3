// What is refused, and how: one list, told alike through every door.

/** One call that is refused. */
export interface RefusalCase {
  readonly name: string;
  /** What the caller proves itself with. */
  readonly token: "none" | "forged" | "scopeless" | "good";
  /** Whom it calls; undefined names nobody. */
  readonly agent?: string;
  /** The messages of its request, by role. Default: one of the user's. */
  readonly roles?: readonly string[];
  /** The HTTP status of REST's answer, and the canonical code of both. */
  readonly http: number;
  readonly code: keyof typeof grpcNumbers;
  readonly reason: string;
  /** The JSON path of the field that is wrong. */
  readonly field?: string;
}

/** Canonical codes as gRPC numbers them. */
export const grpcNumbers = {
  INVALID_ARGUMENT: 3,
  NOT_FOUND: 5,
  PERMISSION_DENIED: 7,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** The list. The doors' own refusals, such as a wrong method, are in the door's test. */
export const refusalCases: readonly RefusalCase[] = [
  {
    name: "no token",
    token: "none",
    agent: "echo",
    http: 401,
    code: "UNAUTHENTICATED",
    reason: "TOKEN_NOT_ACCEPTED",
  },
  {
    name: "no token, for an agent that does not exist: nothing tells which do",
    token: "none",
    agent: "nobody",
    http: 401,
    code: "UNAUTHENTICATED",
    reason: "TOKEN_NOT_ACCEPTED",
  },
  {
    name: "a token of somebody else's",
    token: "forged",
    agent: "echo",
    http: 401,
    code: "UNAUTHENTICATED",
    reason: "TOKEN_NOT_ACCEPTED",
  },
  {
    name: "a token without the scope",
    token: "scopeless",
    agent: "echo",
    http: 403,
    code: "PERMISSION_DENIED",
    reason: "SCOPE_MISSING",
  },
  {
    name: "a token without the claims that every route to the agent asks for",
    token: "good",
    agent: "guarded",
    http: 403,
    code: "PERMISSION_DENIED",
    reason: "NO_ROUTE",
  },
  {
    name: "an unknown agent",
    token: "good",
    agent: "nobody",
    http: 404,
    code: "NOT_FOUND",
    reason: "UNKNOWN_AGENT",
  },
  {
    name: "a message whose role is none",
    token: "good",
    agent: "echo",
    roles: ["wizard"],
    http: 400,
    code: "INVALID_ARGUMENT",
    reason: "INVALID_REQUEST",
    field: "messages[0].role",
  },
  {
    name: "a second message without a role",
    token: "good",
    agent: "echo",
    roles: ["user", ""],
    http: 400,
    code: "INVALID_ARGUMENT",
    reason: "INVALID_REQUEST",
    field: "messages[1].role",
  },
  {
    name: "no message at all",
    token: "good",
    agent: "echo",
    roles: [],
    http: 400,
    code: "INVALID_ARGUMENT",
    reason: "INVALID_REQUEST",
    field: "messages",
  },
  {
    name: "an agent that is listed and not there",
    token: "good",
    agent: "absent",
    http: 503,
    code: "UNAVAILABLE",
    reason: "AGENT_UNAVAILABLE",
  },
];
