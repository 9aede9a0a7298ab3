// Who reads the directory: what the gateway has verified of the caller's token.

import { isObject, parseObject } from "@smartcall/runtime";

/** Claims of a token that a gateway has accepted; undefined where there was none. */
export type Reader = Readonly<Record<string, unknown>> | undefined;

/** @param header the metadata value `smartcall-claims`: base64url of the claims as JSON */
export function readerOf(header: string | undefined): Reader {
  if (header === undefined || header === "") return undefined;
  return parseObject(Buffer.from(header, "base64url").toString("utf8"));
}

/** The scopes of the reader's token. */
export function scopesOf(reader: Reader): readonly string[] {
  const scope = reader?.["scope"];
  if (typeof scope === "string") return scope.split(" ").filter((each) => each !== "");
  return Array.isArray(scope) ? scope.filter((each) => typeof each === "string") : [];
}

/** Every value that a claim's name may mean: a dot is part of a name, or the step into an object. */
export function claimValues(reader: Reader, claim: string): readonly unknown[] {
  return reader === undefined ? [] : valuesIn(reader, claim.split("."));
}

function valuesIn(
  within: Readonly<Record<string, unknown>>,
  parts: readonly string[],
): readonly unknown[] {
  return parts.flatMap((_, index): readonly unknown[] => {
    const value = within[parts.slice(0, index + 1).join(".")];
    const rest = parts.slice(index + 1);
    if (value === undefined) return [];
    return rest.length === 0 ? [value] : isObject(value) ? valuesIn(value, rest) : [];
  });
}
