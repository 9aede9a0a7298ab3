// Matches a claim of the caller's token.

import { create } from "@bufbuild/protobuf";
import {
  type MetadataMatcher,
  MetadataMatcherSchema,
} from "@smartcall/envoy/api/envoy/type/matcher/v3/metadata_pb.js";
import {
  type ValueMatcher,
  ValueMatcherSchema,
} from "@smartcall/envoy/api/envoy/type/matcher/v3/value_pb.js";
import { names } from "./names.ts";

/** Fits where the claim is one of the values, or a list that holds one. */
export function claimMatcher(claim: string, values: readonly string[]): MetadataMatcher {
  const choices = values.map(text);
  return create(MetadataMatcherSchema, {
    filter: names.jwtMetadata,
    path: [names.claims, claim].map((key) => ({ segment: { case: "key" as const, value: key } })),
    value: oneOf([
      ...choices,
      ...choices.map((choice) =>
        create(ValueMatcherSchema, {
          matchPattern: {
            case: "listMatch",
            value: { matchPattern: { case: "oneOf", value: choice } },
          },
        }),
      ),
    ]),
  });
}

/** Fits exactly this text. */
export function text(value: string): ValueMatcher {
  return create(ValueMatcherSchema, {
    matchPattern: {
      case: "stringMatch",
      value: { matchPattern: { case: "exact", value } },
    },
  });
}

/** Fits what one of them fits. */
export function oneOf(valueMatchers: readonly ValueMatcher[]): ValueMatcher {
  const [only, ...others] = valueMatchers;
  // Envoy takes no disjunction of fewer than two.
  if (only !== undefined && others.length === 0) return only;
  return create(ValueMatcherSchema, {
    matchPattern: { case: "orMatch", value: { valueMatchers: [...valueMatchers] } },
  });
}
