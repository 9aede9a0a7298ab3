// A claim's value as text, by which those who have the same are counted together.

import type { Any } from "@bufbuild/protobuf/wkt";
import { DescriptorSchema } from "@smartcall/envoy/api/envoy/extensions/rate_limit_descriptors/expr/v3/expr_pb.js";
import { any } from "../message.ts";
import { names } from "../names.ts";

/**
 * An entry with the value of a claim; none where the token lacks it, or has a list or an
 * object there.
 *
 * All limits and budgets use it, so that by each of them the same callers are one. Unlike
 * Envoy's own action for metadata it also takes what is no text. Of a number Envoy writes
 * six digits, so a whole one is written as an integer.
 *
 * @param claim an expression for the claim's name
 */
export function claimValue(descriptorKey: string, claim: string): Any {
  const value = `metadata.filter_metadata['${names.jwtMetadata}']['${names.claims}'][${claim}]`;
  const isWhole = `type(${value}) == double && ${value} < 9e15 && ${value} > -9e15 && double(int(${value})) == ${value}`;
  const isPlain = `type(${value}) == double || type(${value}) == bool`;
  // Most are texts: each look at the metadata takes its time. What an empty map does not have
  // is an error, and so no entry.
  const other = `${isWhole} ? int(${value}) : (${isPlain} ? ${value} : {}[''])`;
  const text = `type(${value}) == string ? ${value} : (${other})`;
  return any(DescriptorSchema, {
    descriptorKey,
    skipIfError: true,
    exprSpecifier: { case: "text", value: text },
  });
}
