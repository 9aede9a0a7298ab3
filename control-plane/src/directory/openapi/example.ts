// An example of a message, for people to begin with.

import { type DescField, type DescMessage, type JsonValue, ScalarType } from "@bufbuild/protobuf";
import { wellKnown, wellKnownExamples } from "./well-known.ts";

/** How deep messages within messages are filled. */
const deepest = 3;

/** One with every field, of every `oneof` the first. */
export function exampleOf(type: DescMessage, depth = 0): JsonValue {
  const inPlace = wellKnownExamples[type.typeName];
  if (inPlace !== undefined) return inPlace;
  if (type.typeName in wellKnown || depth >= deepest) return {};
  const shown = type.fields.filter(
    (field) => field.oneof === undefined || field.oneof.fields[0] === field,
  );
  return Object.fromEntries(shown.map((field) => [field.jsonName, ofField(field, depth)]));
}

function ofField(field: DescField, depth: number): JsonValue {
  const value = ofValue(field, depth);
  if (field.fieldKind === "list") return depth + 1 >= deepest && field.message ? [] : [value];
  if (field.fieldKind === "map")
    return { [field.mapKey === ScalarType.STRING ? "key" : "1"]: value };
  return value;
}

function ofValue(field: DescField, depth: number): JsonValue {
  if (field.message !== undefined) return exampleOf(field.message, depth + 1);
  if (field.enum !== undefined)
    return field.enum.values.at(1)?.name ?? field.enum.values[0]?.name ?? "";
  switch (field.scalar) {
    case ScalarType.STRING:
      return "text";
    case ScalarType.BYTES:
      return "aGVsbG8=";
    case ScalarType.BOOL:
      return true;
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return 1.5;
    case ScalarType.INT64:
    case ScalarType.SINT64:
    case ScalarType.SFIXED64:
    case ScalarType.UINT64:
    case ScalarType.FIXED64:
      return "1";
    default:
      return 1;
  }
}
