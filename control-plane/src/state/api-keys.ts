// What is kept of API keys: whose they are and what they allow, never the keys themselves.

import { isObject, parseObject } from "@smartcall/runtime";

/** An API key, which is a long-lived token of the mesh's own issuer. */
export interface ApiKey {
  /** Its token's `jti`. */
  readonly id: string;
  /** Whose it is: its token's `sub`. */
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly created: Date;
  readonly expires: Date;
}

/** The name, in the state, of what `printApiKeys` writes. */
export const apiKeysName = "api-keys.json";

/** The text to keep. */
export function printApiKeys(keys: readonly ApiKey[]): string {
  return `${JSON.stringify({ keys }, null, 2)}\n`;
}

/** The keys that were kept as this text, or undefined where it makes no sense. */
export function parseApiKeys(text: string): readonly ApiKey[] | undefined {
  const { keys } = parseObject(text) ?? {};
  if (!Array.isArray(keys)) return undefined;
  const found = keys.flatMap(keyIn);
  return found.length === keys.length ? found : undefined;
}

/** Those that are good by their time. */
export function unexpired(keys: readonly ApiKey[], now: Date): readonly ApiKey[] {
  return keys.filter(({ expires }) => expires > now);
}

function keyIn(value: unknown): readonly ApiKey[] {
  if (!isObject(value)) return [];
  const { id, subject, scopes, created, expires } = value;
  const [from, until] = [dateIn(created), dateIn(expires)];
  if (typeof id !== "string" || typeof subject !== "string" || !Array.isArray(scopes)) return [];
  const texts = scopes.filter((scope) => typeof scope === "string");
  if (from === undefined || until === undefined || texts.length !== scopes.length) return [];
  return [{ id, subject, scopes: texts, created: from, expires: until }];
}

function dateIn(value: unknown): Date | undefined {
  const date = typeof value === "string" ? new Date(value) : undefined;
  return date === undefined || Number.isNaN(date.getTime()) ? undefined : date;
}
