// `expect`: what is to become of a call.

import type { Origin } from "../../source/origin.ts";
import { either, type Located, listOf, mapped } from "../schema/collections.ts";
import { noFlaws } from "../schema/flaws.ts";
import { object, optional } from "../schema/object.ts";
import { name, text, wholeNumber } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import type { ExpectConfig } from "./case-config.ts";

const agentAdvice = "Write an agent's name, or a list of those that may answer.";

const oneAgent = mapped(name("an agent"), placed);

const someAgents = mapped(
  listOf(oneAgent, { item: "an agent", advice: agentAdvice, ifEmpty: "Name an agent." }),
  (found) => found.map(({ value }) => value),
);

const agents = either<readonly Located<string>[]>("an agent's name or a list", agentAdvice, {
  scalar: mapped(oneAgent, (agent) => [agent]),
  sequence: someAgents,
});

/** An HTTP status that refuses. */
const status = mapped(wholeNumber(400, 599), placed);

const reasonPattern = /^[A-Z][A-Z0-9_]*$/;
const reasonAdvice = "Write it as callers see it in the error's details, such as `SCOPE_MISSING`.";

const routeAdvice = "Write the name of a route, such as `writing`.";
const routePattern = /^(default:)?[a-z0-9-]+$/;

const written = object<Omit<ExpectConfig, "at" | "flawed">>("`expect`", {
  agent: optional(
    agents,
    {
      about: "The agent that answers; of a list, any may.",
      example: "[writer, writer-next]",
    },
    () => undefined,
  ),
  refused: optional(
    status,
    {
      about:
        "The HTTP status that the gateway refuses the call with. For native gRPC, the one that the gRPC status stands for.",
      example: "403",
    },
    () => undefined,
  ),
  reason: optional(
    mapped(
      text("a reason", reasonAdvice, {
        pattern: reasonPattern,
        fits: (value) => reasonPattern.test(value),
      }),
      placed,
    ),
    { about: "Why it is refused, as the error's details say.", example: "SCOPE_MISSING" },
    () => undefined,
  ),
  route: optional(
    mapped(
      text("the name of a route", routeAdvice, {
        pattern: routePattern,
        fits: (value) => routePattern.test(value),
      }),
      placed,
    ),
    {
      about:
        "The route that takes the call or refuses it; `default:AGENT` for an agent that no route names.",
      example: "writing",
    },
    () => undefined,
  ),
});

const advice = "Write the agent that answers, such as `writer`, or a status, such as `403`.";

const short: Type<ExpectConfig> = {
  shape: { kind: "either", options: [oneAgent.shape, status.shape] },
  read: (tree, what, report) => {
    const isNumber = tree.kind === "scalar" && typeof tree.value === "number";
    const refused = isNumber ? status.read(tree, what, report) : undefined;
    const agent = isNumber ? undefined : oneAgent.read(tree, what, report);
    if (refused === undefined && agent === undefined) return undefined;
    const rest = { reason: undefined, route: undefined, at: tree.at, flawed: noFlaws };
    return { refused, agent: agent && [agent], ...rest };
  },
};

/** `expect`; an agent's name, a list of them, or a status may stand alone. */
export const expectType = either<ExpectConfig>("an agent, a status, or a mapping", advice, {
  scalar: short,
  sequence: mapped(someAgents, (agent, { at }) => ({
    agent,
    refused: undefined,
    reason: undefined,
    route: undefined,
    at,
    flawed: noFlaws,
  })),
  mapping: written,
});

function placed<T>(value: T, { at }: { readonly at: Origin }): Located<T> {
  return { value, at };
}
