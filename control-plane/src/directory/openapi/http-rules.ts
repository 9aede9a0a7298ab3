// By which paths a method is called by REST.

import type { DescMethod, FileRegistry } from "@bufbuild/protobuf";
import { isObject, type JsonObject } from "@smartcall/runtime";
import { httpRuleOf } from "../../source/own-services/index.ts";

/** One path of a method. */
export interface HttpRule {
  readonly verb: "get" | "post";
  readonly path: string;
  /** Whether the request is the body. */
  readonly hasBody: boolean;
}

/** Every path of the method; none where only gRPC reaches it. */
export function httpRulesOf(method: DescMethod, types: FileRegistry): readonly HttpRule[] {
  const rule = httpRuleOf(method, types);
  if (rule === undefined) return [];
  const more: unknown = rule["additionalBindings"];
  const all: readonly unknown[] = [rule, ...(Array.isArray(more) ? more : [])];
  return all.filter(isObject).flatMap(readRule);
}

function readRule(rule: JsonObject): readonly HttpRule[] {
  const hasBody = rule["body"] === "*";
  return (["get", "post"] as const).flatMap((verb) => {
    const path = rule[verb];
    return typeof path === "string" ? [{ verb, path, hasBody }] : [];
  });
}
