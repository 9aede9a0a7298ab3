// A bootstrap as plain data, and as YAML that Envoy reads back as it was.

import { type JsonValue, toJson } from "@bufbuild/protobuf";
import {
  type Bootstrap,
  BootstrapSchema,
} from "@smartcall/envoy/api/envoy/config/bootstrap/v3/bootstrap_pb.js";
import { registry } from "@smartcall/envoy/api/registry.js";
import { Document, Scalar, visit } from "yaml";

/** The JSON form of protobuf, with the names that Envoy's documentation uses. */
export function plainBootstrap(bootstrap: Bootstrap): JsonValue {
  return typeFirst(toJson(BootstrapSchema, bootstrap, { registry, useProtoFieldName: true }));
}

/**
 * The same as YAML. Envoy reads YAML 1.1, where an unquoted `on` is a truth value
 * and `1e3` a number: so every text is in quotes, or a block where it has lines.
 *
 * @param heading comment lines above it
 */
export function printYaml(bootstrap: JsonValue, heading: readonly string[] = []): string {
  const document = new Document(bootstrap, { version: "1.1", aliasDuplicateObjects: false });
  visit(document, {
    Scalar(key, node) {
      if (key === "key" || typeof node.value !== "string") return;
      node.type = /\n/.test(node.value) ? Scalar.BLOCK_LITERAL : Scalar.QUOTE_DOUBLE;
    },
  });
  document.commentBefore = heading.map((line) => ` ${line}`).join("\n");
  return document.toString({ lineWidth: 0, directives: false });
}

/** A reader wants to know what a thing is before what is in it. */
function typeFirst(value: JsonValue): JsonValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(typeFirst);
  const { "@type": type, ...rest } = value;
  const fields = Object.entries(rest).map(([name, field]) => [name, typeFirst(field)] as const);
  return { ...(type !== undefined && { "@type": type }), ...Object.fromEntries(fields) };
}
