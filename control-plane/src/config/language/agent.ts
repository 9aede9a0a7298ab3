// `agents`: who can be called.

import type { AgentConfig } from "../mesh-config.ts";
import { either, type Located, mapOf } from "../schema/collections.ts";
import { object } from "../schema/object.ts";
import { checkName, namePattern } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";

const advice = "Write `{}` after the agent's name.";

const mapping = object<Record<never, never>>(
  "an agent",
  {},
  {
    later: {
      expose: "whether callers may reach it, or only other agents",
      instances: "where instances are that do not register themselves",
    },
    advice: "Write `{}`.",
  },
);

const body: Type<AgentConfig> = either<AgentConfig>("a mapping", advice, {
  scalar: {
    shape: { kind: "nothing" },
    // `echo:` with nothing after it says as much as `echo: {}`.
    read: (tree, what, report) =>
      tree.kind === "scalar" && tree.value === null
        ? { at: tree.at }
        : mapping.read(tree, what, report),
  },
  mapping,
});

const agent: Type<AgentConfig> = {
  shape: body.shape,
  // The name counts even if what follows it is wrong, so that routes to it are not refused too.
  read: (tree, what, report) => body.read(tree, what, report) ?? { at: tree.at },
};

/** `agents`. */
export const agents: Type<ReadonlyMap<string, Located<AgentConfig>>> = mapOf(
  {
    words: "an agent's name",
    pattern: namePattern.source,
    check: (key, at, report) => checkName(key, "an agent", at, report),
  },
  agent,
  "List each agent as `NAME: {}` on a line of its own.",
);
