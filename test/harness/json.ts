// Reads values out of parsed JSON whose shape nobody promised.

/** The value under a path of keys and indexes; undefined where the path leads nowhere. */
export function valueAt(from: unknown, ...path: readonly (string | number)[]): unknown {
  let value = from;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = new Map<string, unknown>(Object.entries(value)).get(String(key));
  }
  return value;
}

/** The text under a path; "" where there is none. */
export function textAt(from: unknown, ...path: readonly (string | number)[]): string {
  const value = valueAt(from, ...path);
  return typeof value === "string" ? value : "";
}

/** The number under a path; NaN where there is none, so that every comparison with it fails. */
export function numberAt(from: unknown, ...path: readonly (string | number)[]): number {
  const value = valueAt(from, ...path);
  return typeof value === "number" ? value : Number.NaN;
}

/** The list under a path; empty where there is none. */
export function listAt(from: unknown, ...path: readonly (string | number)[]): readonly unknown[] {
  const value = valueAt(from, ...path);
  return Array.isArray(value) ? value : [];
}

/** The keys and values of the object under a path. */
export function entries(
  from: unknown,
  ...path: readonly (string | number)[]
): readonly (readonly [string, unknown])[] {
  const value = valueAt(from, ...path);
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}
