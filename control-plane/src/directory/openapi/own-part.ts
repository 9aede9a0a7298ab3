// What one agent serves beside the contract, as a part of a document.

import { createFileRegistry, fromBinary, type JsonObject } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";
import type { OwnServices } from "../../source/own-services/index.ts";
import { commentsOf } from "./comments.ts";
import { contract } from "./contract.ts";
import { exampleOf } from "./example.ts";
import { httpRulesOf } from "./http-rules.ts";
import { operationOf } from "./operation.ts";
import { createSchemas } from "./schemas.ts";

/** Its paths and its schemas. */
export interface OwnPart {
  readonly paths: readonly (readonly [path: string, item: JsonObject])[];
  readonly schemas: JsonObject;
  /** How long it is as JSON. */
  readonly length: number;
}

/** The methods that REST reaches. The same services are read once. */
export function ownPart(agent: string, services: OwnServices): OwnPart {
  const known = made.get(services) ?? makePart(agent, services);
  made.set(services, known);
  return known;
}

const made = new WeakMap<OwnServices, OwnPart>();

function makePart(agent: string, { descriptors, services, translated }: OwnServices): OwnPart {
  // What callers are answered by is what was written anew; only the comments are its author's.
  const types = createFileRegistry(fromBinary(FileDescriptorSetSchema, translated));
  const comments = commentsOf(fromBinary(FileDescriptorSetSchema, descriptors).file);
  const schemas = createSchemas({
    comments: (name) => comments(name) || contract.comments(name),
    rulesOf: (type) => {
      const shared = contract.types.getMessage(type.typeName);
      return shared === undefined
        ? { type, fields: [], exactlyOneOf: [] }
        : contract.rulesOf(shared);
    },
    // Two agents may each have a type of the same name.
    nameOf: ({ typeName }) =>
      contract.types.get(typeName) === undefined ? `${agent}.${typeName}` : typeName,
  });
  const paths = services.flatMap((name) =>
    (types.getService(name)?.methods ?? []).flatMap((method) =>
      httpRulesOf(method, types).map((rule): readonly [string, JsonObject] => {
        const response = exampleOf(method.output);
        const words = {
          id: `${agent}.${name}.${method.name}`,
          tag: agent,
          request: exampleOf(method.input),
          response: method.proto.serverStreaming ? [response] : response,
        };
        return [
          rule.path,
          { [rule.verb]: operationOf(method, rule, words, { comments, schemas }) },
        ];
      }),
    ),
  );
  const all = schemas.all();
  return { paths, schemas: all, length: JSON.stringify([paths, all]).length };
}
