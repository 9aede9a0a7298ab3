// JSON Schemas of messages, as the gateway writes and reads them.

import {
  type DescEnum,
  type DescField,
  type DescMessage,
  type JsonObject,
  ScalarType,
} from "@bufbuild/protobuf";
import type { FieldRules, RulesOf } from "@smartcall/protos";
import { compare } from "../../source/compare.ts";
import type { Comments } from "./comments.ts";
import { wellKnown } from "./well-known.ts";

/** The schemas of a document, by the names of their components. */
export interface Schemas {
  /** A reference to the message's schema, which is added with all that it names. */
  refTo(type: DescMessage): JsonObject;
  /** The same of a message of which these fields stand elsewhere: in the path. */
  refWithout(type: DescMessage, elsewhere: readonly string[]): JsonObject;
  /** The schema of one field. */
  ofField(field: DescField): JsonObject;
  /** Whatever was added, sorted by name. */
  all(): JsonObject;
}

/** Of what the schemas are made. */
export interface SchemaSource {
  readonly comments: Comments;
  readonly rulesOf: RulesOf;
  /** The name of a type's component. */
  readonly nameOf: (type: DescMessage | DescEnum) => string;
}

/** No schema yet. */
export function createSchemas({ comments, nameOf, rulesOf }: SchemaSource): Schemas {
  const known = new Map<string, JsonObject>();
  const add = (name: string, make: () => JsonObject): JsonObject => {
    if (!known.has(name)) {
      // It may name itself.
      known.set(name, {});
      known.set(name, make());
    }
    return { $ref: `#/components/schemas/${name}` };
  };
  const ofMessage = (type: DescMessage, elsewhere: readonly string[]): JsonObject => {
    const { exactlyOneOf, fields } = rulesOf(type);
    const rules = new Map(fields.map((each) => [each.field.number, each.rules]));
    const shown = type.fields.filter(({ name }) => !elsewhere.includes(name));
    const required = shown.filter(({ number }) => rules.get(number)?.required === true);
    const properties = shown.map(
      (field) => [field.jsonName, ofField(field, rules.get(field.number))] as const,
    );
    return {
      type: "object",
      ...described(comments(type.typeName)),
      ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
      ...(required.length > 0 && { required: required.map(({ jsonName }) => jsonName) }),
      ...choicesOf(type, exactlyOneOf),
    };
  };
  const refWithout = (type: DescMessage, elsewhere: readonly string[]): JsonObject => {
    const inPlace = wellKnown[type.typeName];
    return inPlace === undefined
      ? add(nameOf(type), () => ofMessage(type, elsewhere))
      : { ...inPlace };
  };
  const refTo = (type: DescMessage): JsonObject => refWithout(type, []);
  const refToEnum = (type: DescEnum): JsonObject =>
    type.typeName === "google.protobuf.NullValue"
      ? { type: "null" }
      : add(nameOf(type), () => ({
          type: "string",
          ...described(comments(type.typeName)),
          enum: type.values.map(({ name }) => name),
        }));
  const ofValue = (
    { message, enum: values, scalar }: Pick<DescField, "message" | "enum" | "scalar">,
    rules: FieldRules | undefined,
  ): JsonObject => {
    if (message !== undefined) return refTo(message);
    if (values !== undefined) return refToEnum(values);
    return scalar === undefined ? {} : { ...scalars[scalar], ...limitsOf(rules) };
  };
  const ofField = (field: DescField, rules?: FieldRules): JsonObject => {
    const about = described(comments(`${field.parent.typeName}.${field.name}`));
    const value = ofValue(field, rules);
    switch (field.fieldKind) {
      case "list": {
        const most = rules?.maxItems === undefined ? {} : { maxItems: rules.maxItems };
        return { type: "array", ...about, items: value, ...most };
      }
      case "map":
        return { type: "object", ...about, additionalProperties: value };
      default:
        return { ...value, ...about };
    }
  };
  return {
    refTo,
    refWithout,
    ofField: (field) => {
      const { fields } = rulesOf(field.parent);
      return ofField(field, fields.find((each) => each.field.number === field.number)?.rules);
    },
    all: () => Object.fromEntries([...known].sort(([one], [other]) => compare(one, other))),
  };
}

function described(comment: string): JsonObject {
  return comment === "" ? {} : { description: comment };
}

function limitsOf(rules: FieldRules | undefined): JsonObject {
  if (rules === undefined) return {};
  const { allowed, max, maxLength, min } = rules;
  return {
    ...(allowed !== undefined && { enum: [...allowed] }),
    ...(maxLength !== undefined && { maxLength }),
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
  };
}

/** Of these exactly one; of the fields of a `oneof` at most one. */
function choicesOf(type: DescMessage, exactlyOne: readonly DescField[]): JsonObject {
  const isRuled = (field: DescField): boolean => exactlyOne.includes(field);
  const groups = type.oneofs.filter(({ fields }) => fields.length > 1 && !fields.some(isRuled));
  const choices: JsonObject[] = groups.map(({ fields }) => {
    const none = Object.fromEntries(fields.map(({ jsonName }) => [jsonName, false]));
    return { oneOf: [...fields.map(only), { properties: none }] };
  });
  if (exactlyOne.length > 0) choices.unshift({ oneOf: exactlyOne.map(only) });
  const [first] = choices;
  return choices.length > 1 ? { allOf: choices } : { ...first };
}

function only({ jsonName }: DescField): JsonObject {
  return { required: [jsonName] };
}

const int32 = { type: "integer", format: "int32" };
const uint32 = { type: "integer", minimum: 0, maximum: 4_294_967_295 };
// JSON's numbers cannot hold them.
const int64 = { type: "string", format: "int64", pattern: "^-?[0-9]+$" };
const uint64 = { type: "string", format: "uint64", pattern: "^[0-9]+$" };

const scalars: Readonly<Record<ScalarType, JsonObject>> = {
  [ScalarType.STRING]: { type: "string" },
  [ScalarType.BYTES]: { type: "string", contentEncoding: "base64" },
  [ScalarType.BOOL]: { type: "boolean" },
  [ScalarType.DOUBLE]: { type: "number", format: "double" },
  [ScalarType.FLOAT]: { type: "number", format: "float" },
  [ScalarType.INT32]: int32,
  [ScalarType.SINT32]: int32,
  [ScalarType.SFIXED32]: int32,
  [ScalarType.UINT32]: uint32,
  [ScalarType.FIXED32]: uint32,
  [ScalarType.INT64]: int64,
  [ScalarType.SINT64]: int64,
  [ScalarType.SFIXED64]: int64,
  [ScalarType.UINT64]: uint64,
  [ScalarType.FIXED64]: uint64,
};
