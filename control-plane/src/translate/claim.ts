// Matches a claim of the caller's token.

import type { MetadataMatcherSchema } from "@smartcall/envoy/api/envoy/type/matcher/v3/metadata_pb.js";
import type { ValueMatcherSchema } from "@smartcall/envoy/api/envoy/type/matcher/v3/value_pb.js";
import type { PartsOf } from "./message.ts";
import { names } from "./names.ts";

/** A matcher of metadata, and of one value in it. */
export type MetadataMatcher = PartsOf<typeof MetadataMatcherSchema>;
export type ValueMatcher = PartsOf<typeof ValueMatcherSchema>;

/** Fits where the claim is one of the values, or a list that holds one. */
export function claimMatcher(claim: string, values: readonly string[]): MetadataMatcher {
  const choices = values.map(text);
  return {
    filter: names.jwtMetadata,
    path: [names.claims, claim].map((key) => ({ segment: { case: "key", value: key } })),
    value: oneOf([...choices, ...choices.map(inList)]),
  };
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
