// `agents`: who can be called.

import type { Origin } from "../../source/origin.ts";
import type { AgentConfig } from "../mesh-config.ts";
import { either, type Located, mapOf } from "../schema/collections.ts";
import { object, optional } from "../schema/object.ts";
import { checkName, namePattern } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { instances } from "./instances.ts";

const advice = "Write `{}` after the agent's name.";

const mapping = object<Omit<AgentConfig, "at" | "flawed">>(
  "an agent",
  {
    instances: optional(
      instances,
      {
        about: "Where its instances are, if they do not register themselves.",
        example: "{ dns: writer.internal:50051, tls: { ca: { file: tls/ca.pem } } }",
        standard: "each registers itself by a lease",
      },
      () => undefined,
    ),
  },
  {
    later: { expose: "whether callers may reach it, or only other agents" },
    advice: "Write `{}`.",
  },
);

const byLease = (at: Origin): AgentConfig => ({ instances: undefined, at });

const body: Type<AgentConfig> = either<AgentConfig>("a mapping", advice, {
  scalar: {
    shape: { kind: "nothing" },
    // `echo:` with nothing after it says as much as `echo: {}`.
    read: (tree, what, report) =>
      tree.kind === "scalar" && tree.value === null
        ? byLease(tree.at)
        : mapping.read(tree, what, report),
  },
  mapping,
});

const agent: Type<AgentConfig> = {
  shape: body.shape,
  // The name counts even if what follows it is wrong, so that routes to it are not refused too.
  read: (tree, what, report) =>
    body.read(tree, what, (found) => report(found, true)) ?? byLease(tree.at),
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
