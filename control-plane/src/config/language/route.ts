// `routes`: which calls go where, and who may make them.

import type { MatchConfig, RouteConfig } from "../mesh-config.ts";
import { either, type Located, listOf, located, mapOf, mapped } from "../schema/collections.ts";
import { noFlaws } from "../schema/flaws.ts";
import { object, optional, required } from "../schema/object.ts";
import { checkName, flag, name, namePattern, wholeNumber } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { agentNames } from "./agent-names.ts";
import { allow, standardScope } from "./allow.ts";
import { budgetUse } from "./budgets.ts";
import { callTimeout } from "./call-timeout.ts";
import { limits } from "./limits.ts";
import { match } from "./match.ts";
import { retry } from "./retry.ts";
import { standardTimeoutMs } from "./standard-timeout.ts";
import { sticky } from "./sticky.ts";

export { standardScope, standardTimeoutMs };

/** The largest weight; Envoy wants the sum of a route's weights to fit 32 bits. */
const maxWeight = 1_000_000;

const toAdvice =
  "Write one agent's name, or weights by agent, such as `{ writer: 95, writer-next: 5 }`.";

const to = either<ReadonlyMap<string, Located<number>>>(
  "an agent's name, or weights by agent",
  toAdvice,
  {
    scalar: mapped(name("an agent"), (agent, { at }) => new Map([[agent, { value: 1, at }]])),
    mapping: {
      ...mapOf(
        {
          words: "an agent's name",
          pattern: namePattern.source,
          check: (key, at, report) => checkName(key, "an agent", at, report),
        },
        wholeNumber(0, maxWeight),
        toAdvice,
        toAdvice,
      ),
    },
  },
);

const route: Type<RouteConfig> = object<Omit<RouteConfig, "at" | "flawed">>("a route", {
  name: required(
    name("a route"),
    { about: "What it is called in logs, metrics and messages.", example: "writing" },
    () => "(unnamed)",
  ),
  match: required(
    match,
    { about: "Which calls it takes: all that is set must fit.", example: "{ agent: assistant }" },
    (at): MatchConfig => ({
      agent: { value: "", at },
      path: undefined,
      model: undefined,
      headers: new Map(),
      claims: new Map(),
      flawed: noFlaws,
      at,
    }),
  ),
  to: optional(
    to,
    {
      about:
        "The agent that answers, or several with weights. Weights are shares of their sum, so they need not be percentages.",
      example: "{ writer: 95, writer-next: 5 }",
      standard: "the agent that is asked for",
    },
    () => undefined,
  ),
  sticky: optional(
    sticky,
    {
      about:
        "Callers alike in this always meet the same one of several agents: `subject`, whom the token names, or `claim:NAME`, a claim of it. Callers without that claim meet any.",
      example: "subject",
      standard: "each call by itself",
    },
    () => undefined,
  ),
  allow: optional(
    allow,
    {
      about: "Who may call: all that is set must fit.",
      example: `{ scopes: [${standardScope}] }`,
      standard: `{ scopes: [${standardScope}] }`,
    },
    () => undefined,
  ),
  public: optional(
    located(flag),
    { about: "`true` lets everybody call, without a token.", example: "true", standard: "false" },
    () => undefined,
  ),
  timeout: callTimeout,
  retry: optional(
    retry,
    {
      about:
        "Which failed or slow calls are tried again, on another instance where there is one. Not on a route with a `budget`.",
      example: "{ attempts: 2, on: [unavailable, reset] }",
      standard: "twice, where no instance took the call",
    },
    () => undefined,
  ),
  fallback: optional(
    agentNames("Name the agents that answer instead, or remove `fallback`."),
    {
      about:
        "The agents that answer, asked in this order, where those before them cannot: also where the connection broke, so that the work may be begun twice; only before the first event of the answer. Not on a route with a `budget`.",
      example: "[assistant]",
      standard: "[]",
    },
    () => undefined,
  ),
  limits: optional(
    limits,
    {
      about: "How many calls a caller may make. Every one of them must leave room.",
      example: "[{ requests: 60, per: minute, by: subject }, { concurrent: 4, by: subject }]",
      standard: "[]",
    },
    () => undefined,
  ),
  budget: optional(
    budgetUse,
    {
      about: "What its calls are paid from. Without it they cost nothing.",
      example: "{ of: team, reserve: 4000 }",
    },
    () => undefined,
  ),
});

/** `routes`. */
export const routes: Type<readonly Located<RouteConfig>[]> = listOf(route, {
  item: "a route",
  advice: "Begin each route with a dash, such as `- name: writing`.",
});
