// A file, or a variable, that holds one key which hosts are called with.

import { type RefusedText, textFile } from "./text-file.ts";

/** The key, or what is wrong with where it was to be. */
export type SecretRead = Secret | RefusedText<"empty" | "not-printable">;

/** A key as it can stand in a header. Never logged or shown. */
export interface Secret {
  readonly kind: "secret";
  readonly secret: string;
}

/** More is no key, and no header of a call. */
const longest = 8_192;

/** Editors and `echo` end a text with a line break, so what is around a key is no part of it. */
export function understandSecret(text: string): Secret | RefusedText<"empty" | "not-printable"> {
  const secret = text.trim();
  if (secret === "") return { kind: "refused", problem: "empty", reason: "" };
  // A line break inside would begin another header.
  return /^[\x20-\x7e]+$/.test(secret) && secret.length <= longest
    ? { kind: "secret", secret }
    : { kind: "refused", problem: "not-printable", reason: "" };
}

/** Such a file. */
export const secretFile = textFile(understandSecret);
