// `agents`: who can be called.

import type { Origin } from "../../source/origin.ts";
import type { AgentConfig } from "../agent-config.ts";
import { either, type Located, located, mapOf } from "../schema/collections.ts";
import { type Flaws, noFlaws } from "../schema/flaws.ts";
import { type Keys, object, optional } from "../schema/object.ts";
import { checkName, flag, namePattern, wholeNumber } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { agentNames } from "./agent-names.ts";
import { balance } from "./balance.ts";
import { ejection } from "./ejection.ts";
import { instances } from "./instances.ts";

const advice = "Write `{}` after the agent's name.";

const keys: Keys<Omit<AgentConfig, "at" | "flawed">> = {
  instances: optional(
    instances,
    {
      about: "Where instances are that do not register themselves.",
      example: "{ dns: writer.internal:50051, tls: { ca: { file: tls/ca.pem } } }",
      standard: "the instances that register themselves by a lease",
    },
    () => undefined,
  ),
  calls: optional(
    agentNames("Name the agents that it may call, or remove `calls`."),
    {
      about: "The agents that it may call. Their sidecars let it in, and no other agent.",
      example: "[assistant]",
      standard: "[]",
    },
    () => undefined,
  ),
  expose: optional(
    located(flag),
    {
      about:
        "`false` hides it from callers: only other agents reach it, and routes that lead to it.",
      example: "false",
      standard: "true",
    },
    () => undefined,
  ),
  balance: optional(
    balance,
    {
      about:
        "Which instance takes a call: of two the one with fewer calls (`least-request`), or the same one for callers alike in whom their token names (`subject`), in a claim of it, or in a header.",
      example: "subject",
      standard: "least-request",
    },
    () => ({ kind: "least-request" }),
  ),
  concurrency: optional(
    wholeNumber(1, 1_000_000),
    {
      about: "How many calls one instance runs at once, at most.",
      example: "8",
      standard: "the bound that the agent itself has",
    },
    () => undefined,
  ),
  ejection: optional(
    ejection,
    {
      about: "When an instance that fails gets no calls for a while; `never` turns it off.",
      example: "{ failures: 5, for: 10s, most: 60 }",
      standard: "{ failures: 5, for: 10s, most: 60 }",
    },
    () => undefined,
  ),
};

const mapping = object("an agent", keys, { advice: "Write `{}`." });

const byLease = (at: Origin, flawed: Flaws): AgentConfig => ({
  instances: undefined,
  calls: undefined,
  expose: undefined,
  balance: { kind: "least-request" },
  concurrency: undefined,
  ejection: undefined,
  flawed,
  at,
});

const everyKey: Flaws = new Set(Object.keys(keys));

const body: Type<AgentConfig> = either<AgentConfig>("a mapping", advice, {
  scalar: {
    shape: { kind: "nothing" },
    // `echo:` with nothing after it says as much as `echo: {}`.
    read: (tree, what, report) =>
      tree.kind === "scalar" && tree.value === null
        ? byLease(tree.at, noFlaws)
        : mapping.read(tree, what, report),
  },
  mapping,
});

const agent: Type<AgentConfig> = {
  shape: body.shape,
  // The name counts even if what follows it is wrong, so that routes to it are not refused too.
  read: (tree, what, report) =>
    body.read(tree, what, (found) => report(found, true)) ?? byLease(tree.at, everyKey),
};

/** `agents`. */
export const agents: Type<ReadonlyMap<string, Located<AgentConfig>>> = mapOf(
  {
    words: "an agent's name",
    pattern: namePattern.source,
    // What is refused as a name here is refused where a route has it too.
    check: (key, at, report) => checkName(key, "an agent", at, (found) => report(found, true)),
  },
  agent,
  "List each agent as `NAME: {}` on a line of its own.",
);
