// Reads a JSON Web Key Set (RFC 7517), and keeps what gateways verify tokens with.

import { createPublicKey, type JsonWebKey } from "node:crypto";
import { isObject, type JsonObject, listIn, parseObject } from "@smartcall/runtime";

/** How large a key set may be, in bytes; those of large issuers have a tenth of it. */
export const maxKeySetBytes = 256 * 1024;

/** The public keys, or what is wrong with the text. */
export type KeySetRead =
  /** A key set that holds nothing else than public keys for signatures. */
  | { readonly kind: "keys"; readonly keys: string }
  | { readonly kind: "refused"; readonly problem: KeySetProblem };

/** `secret`: a key is in it that signs. */
export type KeySetProblem = "not-a-set" | "no-key" | "secret";

/**
 * Keys for other purposes and of kinds that gateways do not know are left out, as
 * the sets of many issuers have some. The same set becomes the same text.
 */
export function readKeySet(text: string): KeySetRead {
  const found = keysOf(text);
  if (found === undefined) return { kind: "refused", problem: "not-a-set" };
  if (found.some(isSecret)) return { kind: "refused", problem: "secret" };
  const keys = found.flatMap((key) => (isUsable(key) ? [publicPart(key)] : []));
  return keys.length === 0
    ? { kind: "refused", problem: "no-key" }
    : { kind: "keys", keys: JSON.stringify({ keys }) };
}

/** How many keys, of any kind, a key set has; 0 for what is none. */
export function keyCount(keySet: string): number {
  return keysOf(keySet)?.length ?? 0;
}

function keysOf(text: string): readonly JsonObject[] | undefined {
  const keys = listIn(parseObject(text), "keys");
  return keys?.every(isObject) === true ? keys : undefined;
}

/** RFC 7518, sections 6.2.2, 6.3.2 and 6.4: `d` is private, and all of an `oct` is. */
function isSecret(key: JsonObject): boolean {
  return key["d"] !== undefined || key["k"] !== undefined || key["kty"] === "oct";
}

function isUsable(key: JsonObject): boolean {
  const { alg, kty, use, key_ops: operations } = key;
  if (use !== undefined && use !== "sig") return false;
  if (Array.isArray(operations) && !operations.includes("verify")) return false;
  const known = kinds.find(
    (kind) => kind.kty === kty && (kind.crv === undefined || kind.crv === key["crv"]),
  );
  if (known === undefined) return false;
  if (alg !== undefined && !known.algorithms.some((each) => each === alg)) return false;
  const bits = modulusBits(publicPart(key));
  return bits !== undefined && (kty !== "RSA" || bits >= leastRsaBits);
}

/** Undefined for what is no key; 0 for one without a modulus. */
function modulusBits(key: JsonWebKey): number | undefined {
  try {
    const { asymmetricKeyDetails } = createPublicKey({ key, format: "jwk" });
    return asymmetricKeyDetails?.modulusLength ?? 0;
  } catch {
    return undefined;
  }
}

/** RFC 7518, section 3.3. */
const leastRsaBits = 2048;

/** What Envoy's `jwt_authn` verifies. */
const kinds = [
  {
    kty: "RSA",
    crv: undefined,
    algorithms: ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"],
  },
  { kty: "EC", crv: "P-256", algorithms: ["ES256"] },
  { kty: "EC", crv: "P-384", algorithms: ["ES384"] },
  { kty: "EC", crv: "P-521", algorithms: ["ES512"] },
  { kty: "OKP", crv: "Ed25519", algorithms: ["EdDSA"] },
] as const;

const publicMembers = ["kty", "kid", "use", "alg", "crv", "x", "y", "n", "e"] as const;

function publicPart(key: JsonObject): JsonWebKey {
  return Object.fromEntries(
    publicMembers.flatMap((name) => {
      const value = key[name];
      return typeof value === "string" ? [[name, value] as const] : [];
    }),
  );
}
