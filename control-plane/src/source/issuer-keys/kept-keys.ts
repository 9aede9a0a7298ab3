// The keys of issuers as they were last fetched, kept over the end of the process.

import { isObject, parseObject } from "@smartcall/runtime";

/** What is kept of one issuer. */
export interface KeptKeys {
  readonly issuer: string;
  readonly url: string;
  /** A JSON Web Key Set. */
  readonly keys: string;
  /** When they were last fetched, in milliseconds since 1970. */
  readonly at: number;
}

/** The name, in the state, of what `printKeptKeys` writes. */
export const keptKeysName = "issuer-keys.json";

/** The text to keep. */
export function printKeptKeys(all: readonly KeptKeys[]): string {
  const issuers = all.map((kept) => ({ ...kept, at: new Date(kept.at).toISOString() }));
  return `${JSON.stringify({ issuers }, null, 2)}\n`;
}

/** What was kept as this text, or undefined where it makes no sense. */
export function parseKeptKeys(text: string): readonly KeptKeys[] | undefined {
  const { issuers } = parseObject(text) ?? {};
  if (!Array.isArray(issuers)) return undefined;
  const all = issuers.flatMap(keptIn);
  return all.length === issuers.length ? all : undefined;
}

function keptIn(value: unknown): readonly KeptKeys[] {
  if (!isObject(value)) return [];
  const { issuer, url, keys, at } = value;
  if (typeof issuer !== "string" || typeof url !== "string" || typeof keys !== "string") return [];
  const time = typeof at === "string" ? Date.parse(at) : Number.NaN;
  return Number.isNaN(time) ? [] : [{ issuer, url, keys, at: time }];
}
