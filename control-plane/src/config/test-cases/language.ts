// The whole language of a file of test cases.

import { type Located, listOf, mapOf, mapped } from "../schema/collections.ts";
import { object, optional, required } from "../schema/object.ts";
import { checkName, namePattern, text } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { callType } from "./call.ts";
import { caller, callerChoice, standardCaller } from "./caller.ts";
import type { CaseConfig, CaseFileConfig } from "./case-config.ts";
import { expectType } from "./expect.ts";

const testCase: Type<CaseConfig> = object<Omit<CaseConfig, "at" | "flawed">>("a case", {
  name: required(
    mapped(text("a text", "Write what the case shows."), (value, { at }) => ({ value, at })),
    { about: "What it shows, in words.", example: "gold callers get the new writer" },
    (at): Located<string> => ({ value: "", at }),
  ),
  caller: optional(
    callerChoice,
    {
      about:
        "Who calls: `none` is a caller without a token, another word one of `callers`, a mapping is what the token says.",
      example: "{ claims: { plan: gold } }",
      standard: "the same as `{}`",
    },
    standardCaller,
  ),
  call: required(
    callType,
    { about: "The call; an agent's name alone is a call by REST.", example: "writer" },
    () => undefined,
  ),
  expect: required(
    expectType,
    {
      about:
        "What becomes of it: an agent's name alone is who answers, a list who may, a number the status of a refusal.",
      example: "{ agent: writer-next, route: writing }",
    },
    () => undefined,
  ),
});

/** A file of test cases. */
export const caseFile: Type<CaseFileConfig> = object<Omit<CaseFileConfig, "at" | "flawed">>(
  "the file",
  {
    callers: optional(
      mapOf(
        {
          words: "a caller's name",
          pattern: namePattern.source,
          check: (key, at, report) => checkName(key, "a caller", at, report),
        },
        caller,
        "Write callers as `NAME: { claims: { plan: gold } }`.",
      ),
      {
        about: "Callers that several cases name.",
        example: "{ gold: { claims: { plan: gold } } }",
      },
      () => new Map(),
    ),
    cases: required(
      listOf(testCase, {
        item: "a case",
        advice: "Begin each case with a dash, such as `- name: gold callers get the new writer`.",
        ifEmpty:
          "Write a case, such as `- { name: everybody may call, call: echo, expect: echo }`.",
      }),
      {
        about: "What is tried, each case by itself.",
        example: "[{ name: everybody may call, call: echo, expect: echo }]",
      },
      () => [],
    ),
  },
);
