// Describes the language as a JSON Schema, for completion and hover in editors.

import type { KeyShape, Shape } from "../schema/type.ts";

/** A part of a JSON Schema (draft 07, which editors know best). */
export type JsonSchema = { readonly [key: string]: JsonValue };

type JsonValue = string | number | boolean | readonly JsonValue[] | JsonSchema;

/** The JSON Schema of a file of the language. */
export function jsonSchema(shape: Shape, title: string): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title,
    ...schemaOf(shape),
  };
}

function schemaOf(shape: Shape): JsonSchema {
  switch (shape.kind) {
    case "object":
      return objectSchema(shape.keys);
    case "map":
      return {
        type: "object",
        ...(shape.pattern === undefined ? {} : { propertyNames: { pattern: shape.pattern } }),
        additionalProperties: schemaOf(shape.value),
        ...(shape.filled ? { minProperties: 1 } : {}),
      };
    case "list":
      return {
        type: "array",
        items: schemaOf(shape.item),
        ...(shape.filled ? { minItems: 1 } : {}),
      };
    case "text":
      return {
        type: "string",
        ...(shape.pattern === undefined ? { minLength: 1 } : { pattern: shape.pattern }),
      };
    case "word":
      return { const: shape.word };
    case "number":
      return { type: "integer", minimum: shape.min, maximum: shape.max };
    case "decimal":
      return { type: "number", minimum: shape.min, maximum: shape.max };
    case "scalar":
      return { type: ["string", "number", "boolean"] };
    case "flag":
      return { type: "boolean" };
    case "nothing":
      return { type: "null" };
    case "either":
      return { anyOf: shape.options.map(schemaOf) };
  }
}

function objectSchema(keys: readonly KeyShape[]): JsonSchema {
  const required = keys.filter((key) => key.required).map(({ name }) => name);
  return {
    type: "object",
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    properties: Object.fromEntries(
      keys.map(({ about, name, shape, standard }) => [
        name,
        {
          description: standard === undefined ? about : `${about} Default: ${standard}.`,
          ...schemaOf(shape),
        },
      ]),
    ),
  };
}
