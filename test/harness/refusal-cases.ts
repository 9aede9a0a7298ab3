// What is refused, and how: one list, told alike through every door.
import { asking } from "./rest.ts";

/** One call that is refused. */
export interface RefusalCase {
  readonly name: string;
  /** What the caller proves itself with. */
  readonly token: "none" | "forged" | "scopeless" | "good";
  /** Whom it calls; undefined names nobody, which only gRPC can. */
  readonly agent?: string;
  /** The messages of its request, by role, which the kit refuses. Default: one of the user's. */
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
  UNIMPLEMENTED: 12,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

/** One call by REST that is refused for what gRPC cannot say. It has a good token. */
export interface RestCase {
  readonly name: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly http: number;
  readonly code: keyof typeof grpcNumbers;
  readonly reason: string;
  /** What the header `allow` says. */
  readonly allow?: string;
  /** The message names it. */
  readonly field?: string;
}

/** What every door refuses. The server lists the agents `echo`, `assistant`, `guarded` and `absent`. */
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
    name: "a token of somebody else's, for an agent that does not exist",
    token: "forged",
    agent: "nobody",
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
    name: "a call that names no agent",
    token: "good",
    http: 400,
    code: "INVALID_ARGUMENT",
    reason: "INVALID_REQUEST",
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

const invalid = { http: 400, code: "INVALID_ARGUMENT", reason: "INVALID_REQUEST" } as const;
const path = "/v1/agents/echo:invoke";

/** What only REST can get wrong. */
export const restCases: readonly RestCase[] = [
  {
    name: "another method than POST, with the method that is allowed",
    method: "GET",
    path,
    http: 405,
    code: "UNIMPLEMENTED",
    reason: "METHOD_NOT_ALLOWED",
    allow: "POST",
  },
  {
    name: "a path that nothing is at",
    path: "/v2/agents",
    http: 404,
    code: "NOT_FOUND",
    reason: "UNKNOWN_PATH",
  },
  { name: "a body that is no JSON", path, body: '{"messages": [', ...invalid },
  {
    name: "a value of the wrong type, with its field",
    path,
    body: asking("Hello", { maxTokens: "many" }),
    ...invalid,
    field: "maxTokens",
  },
  {
    name: "a body that names another agent than the path",
    path,
    body: asking("Hello", { agent: "assistant" }),
    ...invalid,
  },
];
