// `routes`: which calls go where, and who may make them.

import type { AllowConfig, MatchConfig, RouteConfig } from "../mesh-config.ts";
import { either, type Located, listOf, mapOf, mapped } from "../schema/collections.ts";
import { object, optional, required } from "../schema/object.ts";
import {
  checkName,
  duration,
  flag,
  name,
  namePattern,
  text,
  wholeNumber,
} from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { match } from "./match.ts";
import { retry } from "./retry.ts";
import { sticky } from "./sticky.ts";

/** The scope that is needed where a route does not say who is allowed. */
export const standardScope = "agents:invoke";

/** How long a call may take where a route does not say, in milliseconds. */
export const standardTimeoutMs = 5 * 60_000;

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
      ),
    },
  },
);

/** RFC 6749, section 3.3: what a scope is made of. */
const scopePattern = /^[\x21\x23-\x5B\x5D-\x7E]+$/;

const scopeAdvice = `Write a list, such as \`[${standardScope}]\`; a scope has no spaces.`;

const allow: Type<AllowConfig> = object<Omit<AllowConfig, "at">>(
  "`allow`",
  {
    scopes: required(
      mapped(
        listOf(
          text("a scope", scopeAdvice, {
            pattern: scopePattern,
            fits: (value) => scopePattern.test(value),
          }),
          {
            item: "a scope",
            advice: scopeAdvice,
            ifEmpty: "Name a scope, or write `public: true` in the route instead of `allow`.",
          },
        ),
        (scopes) => [...new Set(scopes.map(({ value }) => value))].sort(),
      ),
      {
        about: "The scopes that the caller's token must have, every one of them.",
        example: `[${standardScope}]`,
      },
      () => [standardScope],
    ),
  },
  { elsewhere: { public: "Write `public: true` in the route, instead of `allow`." } },
);

const route: Type<RouteConfig> = object<Omit<RouteConfig, "at">>(
  "a route",
  {
    name: required(
      name("a route"),
      { about: "What it is called in logs, metrics and messages.", example: "writing" },
      () => "",
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
        about: "Who may call.",
        example: `{ scopes: [${standardScope}] }`,
        standard: `{ scopes: [${standardScope}] }`,
      },
      () => undefined,
    ),
    public: optional(
      mapped(flag, (value, { at }) => ({ value, at })),
      { about: "`true` lets everybody call, without a token.", example: "true", standard: "false" },
      () => undefined,
    ),
    timeout: optional(
      duration,
      {
        about: "The longest that a call may take, a stream's whole length included.",
        example: "60s",
        standard: "5m",
      },
      () => standardTimeoutMs,
    ),
    retry: optional(
      retry,
      {
        about: "Which failed calls are tried again, on another instance where there is one.",
        example: "{ attempts: 2, on: [unavailable, reset] }",
        standard: "twice, where no instance took the call",
      },
      () => undefined,
    ),
  },
  {
    later: {
      budget: "how many tokens or how much money its calls may use",
      fallback: "which agents answer when these cannot",
      limits: "how many requests a caller may make",
    },
  },
);

/** `routes`. */
export const routes: Type<readonly Located<RouteConfig>[]> = listOf(route, {
  item: "a route",
  advice: "Begin each route with a dash, such as `- name: writing`.",
});
