// `call`: what the caller asks for, and through which door.

import type { Origin } from "../../source/origin.ts";
import { problem } from "../problem.ts";
import { closest } from "../schema/closest.ts";
import { either, type KeyRule, type Located, mapOf, mapped } from "../schema/collections.ts";
import { noFlaws } from "../schema/flaws.ts";
import { found } from "../schema/found.ts";
import { object, optional } from "../schema/object.ts";
import { line, name, text } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import type { CallConfig } from "./case-config.ts";

const pathAdvice = "Write it as callers do, such as `/v1/agents/writer:invoke`.";
const pathPattern = /^\/[!-~]*$/;

/** RFC 9110, section 5.6.2; those of a connection are not a caller's to set (RFC 9113, 8.2.2). */
const token = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const ofConnection =
  /^(connection|content-length|host|keep-alive|proxy-connection|te|transfer-encoding|upgrade)$/i;

const headerName: KeyRule = {
  words: "a header's name",
  check: (key, at, report) => {
    if (token.test(key) && !ofConnection.test(key)) return true;
    const advice = ofConnection.test(key)
      ? "Remove it; the connection says it by itself."
      : "Use letters, digits and dashes, such as `x-beta`.";
    const expected = "the name of a header that a case can set";
    report(problem("SC208", at, { value: key, expected, advice }));
    return false;
  },
};

const call = object<Omit<CallConfig, "at" | "flawed">>(
  "`call`",
  {
    agent: optional(
      mapped(name("an agent"), placed),
      { about: "The agent that the caller asks for.", example: "writer" },
      () => undefined,
    ),
    path: optional(
      mapped(
        text("a path", pathAdvice, {
          pattern: pathPattern,
          fits: (path) => pathPattern.test(path),
        }),
        placed,
      ),
      {
        about: "The path that a REST caller posts to, instead of `agent` and `method`.",
        example: "/v1/agents/writer:invoke",
      },
      () => undefined,
    ),
    method: optional(
      oneOf(["invoke", "stream", "converse"]),
      {
        about: "Whether the answer comes at once, event by event, or, by native gRPC, in turns.",
        example: "stream",
        standard: "invoke",
      },
      () => undefined,
    ),
    door: optional(
      oneOf(["rest", "grpc"]),
      {
        about: "How the caller calls: by REST, or by native gRPC.",
        example: "grpc",
        standard: "rest",
      },
      () => undefined,
    ),
    headers: optional(
      mapOf(headerName, line("Write the header's value."), "Write headers as `NAME: VALUE`."),
      { about: "What the caller sends beside the token.", example: "{ x-beta: yes }" },
      () => new Map(),
    ),
    model: optional(
      line("Write the name of a model."),
      {
        about:
          "The `model` that the call asks for: in the body, and by native gRPC in the metadata key `smartcall-model` too.",
        example: "small",
      },
      () => undefined,
    ),
  },
  { elsewhere: { scopes: inCaller("scopes"), claims: inCaller("claims") } },
);

const advice = "Write an agent's name, or keys such as `{ agent: writer, method: stream }`.";

/** `call`; an agent's name alone is a call to it by REST. */
export const callType: Type<CallConfig> = either("an agent's name or a mapping", advice, {
  scalar: mapped(name("an agent"), (agent, { at }) => callTo({ value: agent, at }, at)),
  mapping: call,
});

function callTo(agent: Located<string>, at: Origin): CallConfig {
  const rest = { path: undefined, method: undefined, door: undefined, model: undefined };
  return { agent, ...rest, headers: new Map(), at, flawed: noFlaws };
}

function inCaller(key: string): string {
  return `Write \`${key}\` in the case's \`caller\`.`;
}

function placed<T>(value: T, { at }: { readonly at: Origin }): Located<T> {
  return { value, at };
}

/** One of a few words. */
function oneOf<Word extends string>(words: readonly Word[]): Type<Located<Word>> {
  const list = words
    .map((word) => `\`${word}\``)
    .join(", ")
    .replace(/, (?=[^,]*$)/, " or ");
  return {
    shape: { kind: "text", words: list, pattern: `^(${words.join("|")})$` },
    read: (tree, _what, report) => {
      const written = tree.kind === "scalar" ? tree.source : "";
      const word = words.find((each) => each === written);
      if (word !== undefined) return { value: word, at: tree.at };
      const meant = closest(written, words);
      const advice = meant === undefined ? `Write ${list}.` : `Did you mean \`${meant}\`?`;
      const value = tree.kind === "scalar" ? written : found(tree);
      report(problem("SC208", tree.at, { value, expected: list, advice }));
      return undefined;
    },
  };
}
