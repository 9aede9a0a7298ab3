// Reads JSON whose shape nobody promised: each value is what it must be, or is not there.

import { readFileSync } from "node:fs";

/** The fields of a JSON object. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** The object that a JSON text holds; undefined where it holds none. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return undefined;
  }
}

/** The object in a JSON file; undefined where there is none, or it cannot be read. */
export function readObject(file: string): JsonObject | undefined {
  try {
    return parseObject(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** The value as an object; undefined where it is none, as a list is. */
export function objectOf(value: unknown): JsonObject | undefined {
  return isObject(value) ? value : undefined;
}

/** Whether a parsed JSON value is an object. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value under a path of names; undefined where the path leads nowhere. */
export function valueIn(from: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (value, name) => (isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined),
    from,
  );
}

/** The text under a path; undefined where there is none, or an empty one. */
export function textIn(from: unknown, ...path: readonly string[]): string | undefined {
  const value = valueIn(from, ...path);
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The number under a path; undefined where there is none. */
export function numberIn(from: unknown, ...path: readonly string[]): number | undefined {
  const value = valueIn(from, ...path);
  return typeof value === "number" ? value : undefined;
}

/** The list under a path; undefined where there is none. */
export function listIn(from: unknown, ...path: readonly string[]): readonly unknown[] | undefined {
  const value = valueIn(from, ...path);
  return Array.isArray(value) ? value : undefined;
}
