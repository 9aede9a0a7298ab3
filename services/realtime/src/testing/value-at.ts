// What stands under a path in JSON, for tests.

import type { JsonValue } from "@bufbuild/protobuf";
import { isObject } from "../json.ts";

/** The value under names and places; undefined where the path leads nowhere. */
export function valueAt(
  from: JsonValue | undefined,
  ...path: readonly (string | number)[]
): JsonValue | undefined {
  return path.reduce<JsonValue | undefined>((value, key) => {
    if (Array.isArray(value)) return typeof key === "number" ? value[key] : undefined;
    return isObject(value) ? value[key] : undefined;
  }, from);
}
