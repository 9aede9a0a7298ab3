// One method as an operation of a document.

import type { DescMethod, JsonObject, JsonValue } from "@bufbuild/protobuf";
import { type Comments, summaryOf } from "./comments.ts";
import { failuresOf } from "./errors.ts";
import type { HttpRule } from "./http-rules.ts";
import type { Schemas } from "./schemas.ts";

/** What else a document says of an operation. */
export interface OperationWords {
  readonly id: string;
  readonly tag: string;
  /** Of the request's body. */
  readonly request?: JsonValue;
  /** Of the answer: of a stream its events, in their order. */
  readonly response?: JsonValue;
  /** Where it is not JSON. */
  readonly mediaType?: string;
  /** The values of parameters that are known. */
  readonly known?: Readonly<Record<string, readonly string[]>>;
  /** Whether no token is needed. */
  readonly open?: boolean;
}

/** The operation of one path of a method. */
export function operationOf(
  method: DescMethod,
  { hasBody, path }: HttpRule,
  words: OperationWords,
  { comments, schemas }: { readonly comments: Comments; readonly schemas: Schemas },
): JsonObject {
  const comment = comments(`${method.parent.typeName}.${method.name}`);
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].flatMap(([, name]) => name ?? []);
  const parameters = method.input.fields
    .filter(({ name }) => inPath.includes(name) || !hasBody)
    .map((field): JsonObject => {
      const { description, ...schema } = schemas.ofField(field);
      const values = words.known?.[field.name] ?? [];
      return {
        name: field.jsonName,
        in: inPath.includes(field.name) ? "path" : "query",
        ...(inPath.includes(field.name) && { required: true }),
        ...(description !== undefined && { description }),
        schema: { ...schema, ...(values.length > 0 && { enum: [...values] }) },
        ...(values[0] !== undefined && { example: values[0] }),
      };
    });
  const deadline = { $ref: "#/components/parameters/Timeout" };
  return {
    operationId: words.id,
    tags: [words.tag],
    summary: summaryOf(comment) || words.id,
    description: comment || `\`${method.parent.typeName}/${method.name}\``,
    ...(words.open && { security: [{}, { bearer: [] }, { apiKey: [] }] }),
    parameters: hasBody ? [...parameters, deadline] : parameters,
    ...(hasBody && {
      requestBody: {
        required: true,
        content: {
          "application/json": {
            schema: schemas.refWithout(method.input, inPath),
            ...(words.request !== undefined && { example: words.request }),
          },
        },
      },
    }),
    responses: { 200: answerOf(method, words, schemas), ...failuresOf() },
  };
}

function answerOf(method: DescMethod, words: OperationWords, schemas: Schemas): JsonObject {
  const headers = { "x-request-id": { $ref: "#/components/headers/RequestId" } };
  const { mediaType, response } = words;
  if (mediaType !== undefined) {
    const schema = mediaType === "application/json" ? { type: "object" } : { type: "string" };
    return { description: "The file.", headers, content: { [mediaType]: { schema } } };
  }
  const schema = schemas.refTo(method.output);
  if (!method.proto.serverStreaming) {
    const example = response === undefined ? {} : { example: response };
    return {
      description: "The answer.",
      headers,
      content: { "application/json": { schema, ...example } },
    };
  }
  const events = Array.isArray(response) ? response : [];
  return {
    description:
      "Server-sent events. The `data` of each is one JSON object of the schema that stands as `contentSchema`.",
    headers,
    content: {
      "text/event-stream": {
        schema: { type: "string", contentMediaType: "application/json", contentSchema: schema },
        ...(events.length > 0 && {
          example: events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""),
        }),
      },
    },
  };
}
