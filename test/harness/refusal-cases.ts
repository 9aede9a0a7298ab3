// What is refused, and how: one list, told alike through every door.
import {
  forbidden,
  full,
  invalid,
  notAccepted,
  notFound,
  revoked,
  type Told,
  tooLarge,
  tooLate,
  tooMuch,
  unavailable,
  uncounted,
  wrongMethod,
} from "./refusals.ts";
import { asking } from "./rest.ts";

/** What a caller proves itself with. */
export type TokenKind =
  | "none"
  | "forged"
  | "expired"
  | "for-others"
  | "revoked"
  | "scopeless"
  | "good";

/** Which servers can be asked: every one, those with the kit behind, or one of `refusing-gateway.ts`. */
export type Where = "everywhere" | "kit" | "refusing";

/** One call that is refused. */
export interface RefusalCase {
  readonly name: string;
  readonly token: TokenKind;
  /** Whom it calls; undefined names nobody, which only gRPC can. */
  readonly agent?: string;
  /** The messages of its request, by role. Default: one of the user's. */
  readonly roles?: readonly string[];
  /** What each of them says. Default: Hello. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly told: Told;
  /** The rule that refuses; absent, none does. */
  readonly rule?: string;
  /** After how many seconds to call again; absent, nothing says it. */
  readonly seconds?: number | "some";
  /** The JSON path of the field that is wrong. */
  readonly field?: string;
  /** Default: everywhere. */
  readonly where?: Where;
  /** By gRPC the agent's own details are told, which know no reason. */
  readonly ownDetails?: boolean;
}

/** One call by REST that is refused for what gRPC cannot say. It has a good token. */
export interface RestCase {
  readonly name: string;
  readonly method?: string;
  readonly path: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly told: Told;
  readonly rule?: string;
  /** What the header `allow` says. */
  readonly allow?: string;
  /** The message names it. */
  readonly field?: string;
}

const good = { token: "good" } as const;
const kit = { ...good, agent: "echo", where: "kit" } as const;
const refusing = { ...good, where: "refusing" } as const;

/** What every door refuses. Every server lists the agents `echo`, `assistant`, `guarded` and `absent`. */
export const refusalCases: readonly RefusalCase[] = [
  { name: "no token", token: "none", agent: "echo", told: notAccepted },
  {
    name: "no token, for an agent that does not exist: nothing tells which do",
    token: "none",
    agent: "nobody",
    told: notAccepted,
  },
  { name: "a token of somebody else's", token: "forged", agent: "echo", told: notAccepted },
  {
    name: "a token of somebody else's, for an agent that does not exist",
    token: "forged",
    agent: "nobody",
    told: notAccepted,
  },
  {
    name: "a token that has expired",
    ...refusing,
    token: "expired",
    agent: "echo",
    told: notAccepted,
  },
  {
    name: "a token that was made for others",
    ...refusing,
    token: "for-others",
    agent: "echo",
    told: notAccepted,
  },
  {
    name: "a token that was revoked",
    ...refusing,
    token: "revoked",
    agent: "echo",
    told: revoked,
  },
  {
    name: "a token without the scope",
    token: "scopeless",
    agent: "echo",
    told: forbidden("SCOPE_MISSING"),
    rule: "default:echo",
  },
  {
    name: "a token without the claims that every route to the agent asks for",
    ...good,
    agent: "guarded",
    told: forbidden("NO_ROUTE"),
  },
  ...["claims", "certificate", "address"].map((lacking) => ({
    name: `a caller whose ${lacking} the route does not allow`,
    ...refusing,
    agent: `by-${lacking}`,
    told: forbidden("NOT_ALLOWED"),
    rule: `by-${lacking}`,
  })),
  { name: "an unknown agent", ...good, agent: "nobody", told: notFound("UNKNOWN_AGENT") },
  { name: "a call that names no agent", ...good, told: invalid },
  {
    name: "a message whose role is none",
    ...kit,
    roles: ["wizard"],
    told: invalid,
    field: "messages[0].role",
  },
  {
    name: "a second message without a role",
    ...kit,
    roles: ["user", ""],
    told: invalid,
    field: "messages[1].role",
  },
  { name: "no message at all", ...kit, roles: [], told: invalid, field: "messages" },
  {
    name: "a request that is too large",
    ...good,
    agent: "echo",
    text: "a".repeat(4 * 1024 * 1024),
    told: tooLarge(413, "REQUEST_TOO_LARGE"),
    rule: "gateway.bounds.body",
  },
  {
    name: "headers that are too large",
    ...good,
    agent: "echo",
    headers: { "x-much": "a".repeat(70_000) },
    told: tooLarge(431, "HEADERS_TOO_LARGE"),
    rule: "gateway.bounds.headers",
  },
  {
    name: "too many calls",
    ...refusing,
    agent: "limited",
    told: tooMuch("RATE_LIMITED"),
    rule: "limited:1/minute/route",
    seconds: "some",
  },
  {
    name: "too many calls of an hour",
    ...refusing,
    agent: "hourly",
    told: tooMuch("RATE_LIMITED"),
    rule: "team",
    seconds: 60,
  },
  {
    name: "too many calls at once",
    ...refusing,
    agent: "at-once",
    told: tooMuch("TOO_MANY_AT_ONCE"),
    rule: "team",
    seconds: 60,
  },
  {
    name: "a budget that is spent",
    ...refusing,
    agent: "paid",
    told: tooMuch("BUDGET_SPENT"),
    rule: "team",
    seconds: 60,
  },
  {
    name: "a call that cannot be counted",
    ...refusing,
    agent: "uncounted",
    told: uncounted,
    rule: "uncounted",
    seconds: 1,
  },
  {
    name: "an agent that is listed and not there",
    ...good,
    agent: "absent",
    told: unavailable,
    rule: "default:absent",
    seconds: 1,
  },
  {
    name: "an agent whose instance is gone",
    ...refusing,
    agent: "gone",
    told: unavailable,
    rule: "default:gone",
    seconds: 1,
  },
  {
    name: "an agent that does not answer in time",
    ...refusing,
    agent: "stuck",
    told: tooLate,
    rule: "stuck",
  },
  {
    name: "an agent that is full for a while",
    ...refusing,
    agent: "full",
    told: full,
    seconds: 2,
    ownDetails: true,
  },
];

const path = "/v1/agents/echo:invoke";

/** What only REST can get wrong. */
export const restCases: readonly RestCase[] = [
  {
    name: "another method than POST, with the method that is allowed",
    method: "GET",
    path,
    told: wrongMethod,
    allow: "POST",
  },
  { name: "a path that nothing is at", path: "/v2/agents", told: notFound("UNKNOWN_PATH") },
  {
    name: "a path that is too long",
    path: `/${"a".repeat(9_000)}`,
    told: tooLarge(414, "PATH_TOO_LONG"),
    rule: "gateway.bounds.path",
  },
  {
    name: "a method that agents do not have",
    path: "/v1/agents/echo:dance",
    told: notFound("UNKNOWN_AGENT"),
  },
  {
    name: "another protocol",
    method: "GET",
    path,
    headers: { connection: "Upgrade", upgrade: "websocket" },
    told: { ...forbidden("UPGRADE_NOT_ALLOWED"), fault: "client" },
  },
  { name: "a body that is no JSON", path, body: '{"messages": [', told: invalid },
  {
    name: "a value of the wrong type, with its field",
    path,
    body: asking("Hello", { maxTokens: "many" }),
    told: invalid,
    field: "maxTokens",
  },
  {
    name: "a body that names another agent than the path",
    path,
    body: asking("Hello", { agent: "assistant" }),
    told: invalid,
  },
  {
    name: "a timeout that is none, with its header",
    path,
    body: asking("Hello"),
    headers: { "x-request-timeout-ms": "soon" },
    told: invalid,
    field: "x-request-timeout-ms",
  },
];
