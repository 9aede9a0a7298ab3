// A file with the public keys of an issuer, that operators name.

import { type KeySetProblem, type KeySetRead, maxKeySetBytes, readKeySet } from "./key-set.ts";
import { type RefusedText, textFile } from "./text-file.ts";

/** The keys, or what is wrong with their file. */
export type KeySetFileRead = Keys | RefusedText<KeySetProblem>;

type Keys = Extract<KeySetRead, { readonly kind: "keys" }>;

/** Takes what a key set from a URL may be. */
export const keySetFile = textFile<Keys, KeySetProblem>((text) => {
  if (text.length > maxKeySetBytes) return { kind: "refused", problem: "not-a-set", reason: "" };
  const read = readKeySet(text);
  return read.kind === "keys" ? read : { ...read, reason: "" };
});
