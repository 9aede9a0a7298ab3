// `caller`: who calls, as the caller's token says it.

import type { Origin } from "../../source/origin.ts";
import { standardScope } from "../language/route.ts";
import { problem } from "../problem.ts";
import {
  either,
  type KeyRule,
  type Located,
  listOf,
  mapOf,
  mapped,
} from "../schema/collections.ts";
import { reportWrongType } from "../schema/found.ts";
import { object, optional } from "../schema/object.ts";
import { name, text } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import type { CallerChoice, CallerConfig, ClaimConfig } from "./case-config.ts";

/** Who calls where a case does not say. */
const standard = { subject: "tester", scopes: [standardScope] } as const;

const scopePattern = /^[\x21\x23-\x5B\x5D-\x7E]+$/;
const scopesAdvice = `Write a list, such as \`[${standardScope}]\`; \`[]\` is a token without any.`;

const scopes: Type<readonly string[]> = mapped(
  listOf(
    text("a scope", scopesAdvice, {
      pattern: scopePattern,
      fits: (value) => scopePattern.test(value),
    }),
    { item: "a scope", advice: scopesAdvice },
  ),
  (found) => found.map(({ value }) => value),
);

/** What the mesh's own issuer writes: what to do instead. */
const ownClaims: ReadonlyMap<string, string> = new Map([
  ["scope", "Write `scopes` beside `claims`."],
  ["sub", "Write `subject` beside `claims`."],
  ...["aud", "exp", "iat", "iss", "jti", "nbf"].map(
    (claim) => [claim, "Remove it; the mesh's own issuer sets it in every token."] as const,
  ),
]);

const claimName: KeyRule = {
  words: "a claim's name",
  check: (key, at, report) => {
    const advice = key === "" ? "Name the claim." : ownClaims.get(key);
    if (advice === undefined) return true;
    const expected = "a claim that a case can set";
    report(problem("SC208", at, { value: key, expected, advice }));
    return false;
  },
};

const claimAdvice = "Write one value, such as `gold`, or a list of texts, such as `[gold, new]`.";

const claimScalar: Type<ClaimConfig> = {
  shape: { kind: "scalar", words: "a text, a number, `true` or `false`" },
  read: (tree, what, report) => {
    const value = tree.kind === "scalar" ? tree.value : null;
    if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") {
      return value;
    }
    reportWrongType(tree, what, "a text, a number, `true` or `false`", claimAdvice, report);
    return undefined;
  },
};

const claim = either<ClaimConfig>("a value or a list of texts", claimAdvice, {
  scalar: claimScalar,
  sequence: mapped(
    listOf(text("a text", claimAdvice), { item: "a claim's value", advice: claimAdvice }),
    (values) => values.map(({ value }) => value),
  ),
});

/** `caller`, where it is described. */
export const caller: Type<CallerConfig> = object<Omit<CallerConfig, "at" | "flawed">>(
  "a caller",
  {
    subject: optional(
      text("a text", "Write who calls, such as `ann`."),
      {
        about: "Who calls: the token's `sub`.",
        example: "ann",
        standard: standard.subject,
      },
      () => standard.subject,
    ),
    scopes: optional(
      scopes,
      {
        about: "What the token allows. `[]` is a token without a scope.",
        example: `[${standardScope}]`,
        standard: `[${standardScope}]`,
      },
      () => standard.scopes,
    ),
    claims: optional(
      mapOf(claimName, claim, "Write claims as `NAME: VALUE` or `NAME: [VALUE, VALUE]`."),
      {
        about: "What else the token says.",
        example: "{ plan: gold }",
      },
      () => new Map(),
    ),
  },
  { elsewhere: { scope: "Write `scopes: [NAME]`.", sub: "Write `subject: NAME`." } },
);

const choiceAdvice =
  "Write `none`, a name of `callers`, or what the token says, such as `{ claims: { plan: gold } }`.";

/** `caller` of a case. */
export const callerChoice = either<CallerChoice>("a caller", choiceAdvice, {
  scalar: mapped(
    name("a caller"),
    (word, { at }): CallerChoice =>
      word === "none" ? { kind: "none" } : { kind: "named", name: word, at },
  ),
  mapping: mapped(caller, (described): CallerChoice => ({ kind: "described", caller: described })),
});

/** The caller of a case that does not say. */
export const standardCaller = (at: Origin): CallerChoice => ({
  kind: "described",
  caller: { ...standard, claims: new Map<string, Located<ClaimConfig>>(), at },
});
