// Reads JSON of which nothing is known.

/** An object of JSON. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** Whether a value is an object, and no list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object that a text is; undefined where it is none. */
export function parseObject(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The text at a key; empty where there is none. */
export function textAt(object: JsonObject, key: string): string {
  const value = object[key];
  return typeof value === "string" ? value : "";
}

/** The object at a key; an empty one where there is none. */
export function objectAt(object: JsonObject, key: string): JsonObject {
  const value = object[key];
  return isObject(value) ? value : {};
}

/** The objects of the list at a key. */
export function objectsAt(object: JsonObject, key: string): readonly JsonObject[] {
  const value: unknown = object[key];
  return Array.isArray(value) ? value.filter(isObject) : [];
}

/** The texts of the list at a key. */
export function textsAt(object: JsonObject, key: string): readonly string[] {
  const value: unknown = object[key];
  return Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
}
