// What the `google.api.http` option of a method says.

import {
  type DescMethod,
  type FileRegistry,
  getExtension,
  hasExtension,
  isMessage,
  toJson,
} from "@bufbuild/protobuf";
import { type JsonObject, objectOf } from "@smartcall/runtime";

/**
 * The option as JSON; undefined where the method has none.
 *
 * @param types where the option is known, as it is to the contract
 */
export function httpRuleOf(method: DescMethod, types: FileRegistry): JsonObject | undefined {
  const option = types.getExtension("google.api.http");
  if (option?.message === undefined) throw new Error("the contract has no google.api.http");
  const { options } = method.proto;
  if (options === undefined || !hasExtension(options, option)) return undefined;
  const value = getExtension(options, option);
  return isMessage(value, option.message) ? objectOf(toJson(option.message, value)) : undefined;
}
