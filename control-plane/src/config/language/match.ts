// `match`: which calls a route takes.

import { pathPattern } from "../call-paths.ts";
import type { MatchConfig } from "../mesh-config.ts";
import { problem } from "../problem.ts";
import { either, type KeyRule, listOf, located, mapOf, mapped } from "../schema/collections.ts";
import { object, optional, required } from "../schema/object.ts";
import { line, name, text } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { claimName, claimTexts, distinct } from "./claim.ts";

/** RFC 9110, section 5.6.2: what a header's name is made of. */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

const headerName: KeyRule = {
  words: "a header's name",
  check: (key, at, report) => {
    // The names that begin with a colon are refused with their reason where routes are checked.
    const fits = token.test(key.replace(/^:/, ""));
    if (!fits) {
      const advice = "Use letters, digits and dashes, such as `x-beta`.";
      report(problem("SC208", at, { value: key, expected: "the name of a header", advice }));
    }
    return fits;
  },
};

const path = mapped(
  text(
    "a path that begins with a slash",
    "Write a path, such as `/v1/agents/writer:stream`; at most three `*` stand for any text.",
    { pattern: pathPattern, fits: (value) => pathPattern.test(value) },
  ),
  (value, { at }) => ({ value, at }),
);

const modelAdvice = "Write one model, such as `small`, or a list, such as `[small, large]`.";

/** Protos bound it, and it must be able to stand in a header. */
const modelPattern = /^[!-~]([ -~]{0,198}[!-~])?$/;

const modelName = text("the name of a model", modelAdvice, {
  pattern: modelPattern,
  fits: (value) => modelPattern.test(value),
});

const model = either<readonly string[]>("a model or a list of models", modelAdvice, {
  scalar: mapped(modelName, (value) => [value]),
  sequence: mapped(
    listOf(modelName, {
      item: "a model",
      advice: modelAdvice,
      ifEmpty: "Name the models that a call may ask for.",
    }),
    distinct,
  ),
});

const claimAdvice = "Write one text, such as `gold`, or a list, such as `[gold, silver]`.";

const claim = either<readonly string[]>(
  "a text or a list of texts",
  claimAdvice,
  claimTexts(claimAdvice),
);

/** `match`. */
export const match: Type<MatchConfig> = object<Omit<MatchConfig, "at" | "flawed">>("`match`", {
  agent: required(
    mapped(name("an agent"), (value, { at }) => ({ value, at })),
    { about: "The agent that the caller asks for.", example: "assistant" },
    (at) => ({ value: "", at }),
  ),
  path: optional(
    path,
    {
      about:
        "The path of the call: a REST path or a gRPC path, exactly, or with `*` for any text. A `*` at the end also stands for slashes.",
      example: "/v1/agents/assistant:stream",
    },
    () => undefined,
  ),
  model: optional(
    located(model),
    {
      about:
        "The `model` that the call asks for, one or several. A REST call says it in its body, a native gRPC call by the metadata key `smartcall-model`.",
      example: "[small, large]",
    },
    () => undefined,
  ),
  headers: optional(
    mapOf(
      headerName,
      line("Write the exact value that the header must have."),
      "Write headers as `NAME: VALUE`.",
    ),
    {
      about:
        "Request headers, each with exactly the value that it must have. Upper and lower case are the same in names, not in values.",
      example: "{ x-beta: yes }",
    },
    () => new Map(),
  ),
  claims: optional(
    mapOf(claimName, claim, "Write claims as `NAME: VALUE` or `NAME: [VALUE, VALUE]`."),
    {
      about:
        "Claims of the caller's token, each with one or several texts. The claim must be one of them or, where it is a list, hold one of them.",
      example: "{ plan: [gold, silver] }",
    },
    () => new Map(),
  ),
});
