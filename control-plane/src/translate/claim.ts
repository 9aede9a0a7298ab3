// Matches a claim of the caller's token.

import type { MetadataMatcherSchema } from "@smartcall/envoy/api/envoy/type/matcher/v3/metadata_pb.js";
import type { ValueMatcherSchema } from "@smartcall/envoy/api/envoy/type/matcher/v3/value_pb.js";
import type { ClaimRule } from "../model/allow.ts";
import type { PartsOf } from "./message.ts";
import { names } from "./names.ts";

/** A matcher of metadata, and of one value in it. */
export type MetadataMatcher = PartsOf<typeof MetadataMatcherSchema>;
export type ValueMatcher = PartsOf<typeof ValueMatcherSchema>;

/**
 * Fits where the claim is there at all; or is one of the texts, or a list that holds
 * one. A number, `true` and `false` are what JSON writes them as.
 */
export function claimMatcher(claim: string, rule: ClaimRule): MetadataMatcher {
  return matcherAt([claim], rule);
}

/**
 * Fits, where one of them does, the claim of this name or the one at this path: a dot
 * is part of a name, or the step into an object.
 */
export function claimMatchers(claim: string, rule: ClaimRule): readonly MetadataMatcher[] {
  return pathsOf(claim).map((path) => matcherAt(path, rule));
}

function matcherAt(path: readonly string[], rule: ClaimRule): MetadataMatcher {
  return {
    filter: names.jwtMetadata,
    path: [names.claims, ...path].map((key) => ({ segment: { case: "key", value: key } })),
    value: rule === "present" ? present : oneOf(rule.flatMap(asWritten)),
  };
}

const present: ValueMatcher = { matchPattern: { case: "presentMatch", value: true } };

/** Deeper than any claim is, and few enough to try all. */
const mostDots = 4;

/** Every way to read the dots of a name. */
function pathsOf(claim: string): readonly (readonly string[])[] {
  const [first = "", ...rest] = claim.split(".");
  if (rest.length > mostDots) return [[claim]];
  return rest.reduce<readonly (readonly string[])[]>(
    (paths, part) =>
      paths.flatMap((path) => [
        [...path.slice(0, -1), `${path.at(-1) ?? ""}.${part}`],
        [...path, part],
      ]),
    [[first]],
  );
}

/** All that a claim may be whose JSON is this text, with or without quotes; or a list with it. */
function asWritten(value: string): readonly ValueMatcher[] {
  const alone = [text(value)];
  if (value === "true" || value === "false") {
    alone.push({ matchPattern: { case: "boolMatch", value: value === "true" } });
  } else if (Number.isFinite(Number(value)) && String(Number(value)) === value) {
    const matchPattern = { case: "exact" as const, value: Number(value) };
    alone.push({ matchPattern: { case: "doubleMatch", value: { matchPattern } } });
  }
  return [...alone, ...alone.map(inList)];
}

/** Fits exactly this text. */
export function text(value: string): ValueMatcher {
  return {
    matchPattern: {
      case: "stringMatch",
      value: { matchPattern: { case: "exact", value } },
    },
  };
}

/** Fits what one of them fits. */
export function oneOf(valueMatchers: readonly ValueMatcher[]): ValueMatcher {
  const [only, ...others] = valueMatchers;
  // Envoy takes no disjunction of fewer than two.
  if (only !== undefined && others.length === 0) return only;
  return { matchPattern: { case: "orMatch", value: { valueMatchers: [...valueMatchers] } } };
}

function inList(item: ValueMatcher): ValueMatcher {
  return {
    matchPattern: {
      case: "listMatch",
      value: { matchPattern: { case: "oneOf", value: item } },
    },
  };
}
