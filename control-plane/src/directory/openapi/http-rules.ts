// By which paths a method is called by REST.

import {
  type DescMethod,
  type FileRegistry,
  getExtension,
  hasExtension,
  toJson,
} from "@bufbuild/protobuf";

/** One path of a method. */
export interface HttpRule {
  readonly verb: "get" | "post";
  readonly path: string;
  /** Whether the request is the body. */
  readonly hasBody: boolean;
}

/** Every path of the method; none where only gRPC reaches it. */
export function httpRulesOf(method: DescMethod, types: FileRegistry): readonly HttpRule[] {
  const option = types.getExtension("google.api.http");
  const { options } = method.proto;
  if (option?.message === undefined || options === undefined) return [];
  if (!hasExtension(options, option)) return [];
  const value = getExtension(options, option);
  if (!isMessage(value)) return [];
  const rule = toJson(option.message, value);
  if (!isObject(rule)) return [];
  const more: unknown = rule["additionalBindings"];
  const all: readonly unknown[] = [rule, ...(Array.isArray(more) ? more : [])];
  return all.filter(isObject).flatMap(readRule);
}

function readRule(rule: Readonly<Record<string, unknown>>): readonly HttpRule[] {
  const hasBody = rule["body"] === "*";
  return (["get", "post"] as const).flatMap((verb) => {
    const path = rule[verb];
    return typeof path === "string" ? [{ verb, path, hasBody }] : [];
  });
}

function isMessage(value: unknown): value is Parameters<typeof toJson>[1] {
  return isObject(value) && typeof value["$typeName"] === "string";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
