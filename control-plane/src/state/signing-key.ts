// One key that signs tokens: how it is made, and how it is written down.

import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair as generate,
} from "node:crypto";
import { promisify } from "node:util";
import { isObject, parseObject } from "@smartcall/runtime";

/** How a key signs (RFC 7518, sections 3.3 and 3.4). */
export type SigningAlgorithm = "ES256" | "RS256";

/** The first is what a mesh begins with: its tokens are shorter, and faster to sign. */
export const signingAlgorithms = ["ES256", "RS256"] as const;

/** A key that signs tokens. */
export interface SigningKey {
  /** Its thumbprint (RFC 7638), the `kid` of the tokens it signs. */
  readonly kid: string;
  readonly algorithm: SigningAlgorithm;
  readonly created: Date;
  /** PEM (PKCS #8). Never logged or shown. */
  readonly privateKey: string;
  readonly publicKey: PublicKey;
}

/** The public half as a JSON Web Key (RFC 7517 section 4). */
export type PublicKey =
  | { readonly kty: "EC"; readonly crv: "P-256"; readonly x: string; readonly y: string }
  | { readonly kty: "RSA"; readonly n: string; readonly e: string };

/** A new key. */
export async function makeSigningKey(
  created: Date,
  algorithm: SigningAlgorithm = signingAlgorithms[0],
): Promise<SigningKey> {
  const { privateKey } =
    algorithm === "ES256"
      ? await generateKeyPair("ec", { namedCurve: "P-256" })
      : await generateKeyPair("rsa", { modulusLength: 2048 });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const publicKey = publicKeyOf(pem);
  if (publicKey === undefined) throw new Error(`a new key of ${algorithm} has no public half`);
  return keyOf(publicKey, pem, created);
}

/** The text that a key is kept as. */
export function printSigningKey({ created, privateKey }: SigningKey): string {
  return `${JSON.stringify({ created: created.toISOString(), privateKey }, null, 2)}\n`;
}

/** The key that was kept as this text, or undefined where it is none. */
export function parseSigningKey(text: string): SigningKey | undefined {
  const { created, privateKey } = parseObject(text) ?? {};
  if (typeof created !== "string" || typeof privateKey !== "string") return undefined;
  const publicKey = publicKeyOf(privateKey);
  const time = new Date(created);
  if (publicKey === undefined || Number.isNaN(time.getTime())) return undefined;
  return keyOf(publicKey, privateKey, time);
}

function keyOf(publicKey: PublicKey, privateKey: string, created: Date): SigningKey {
  const algorithm = publicKey.kty === "EC" ? "ES256" : "RS256";
  return { kid: thumbprint(publicKey), algorithm, created, privateKey, publicKey };
}

function publicKeyOf(privateKey: string): PublicKey | undefined {
  try {
    const jwk: unknown = createPublicKey(createPrivateKey(privateKey)).export({ format: "jwk" });
    if (!isObject(jwk)) return undefined;
    const { kty, crv, x, y, n, e } = jwk;
    if (crv === "P-256" && typeof x === "string" && typeof y === "string") {
      return { kty: "EC", crv, x, y };
    }
    const isRsa = kty === "RSA" && typeof n === "string" && typeof e === "string";
    return isRsa ? { kty, n, e } : undefined;
  } catch {
    return undefined;
  }
}

/** RFC 7638 section 3: the required members in order, without white space. */
function thumbprint(key: PublicKey): string {
  const required =
    key.kty === "EC"
      ? { crv: key.crv, kty: key.kty, x: key.x, y: key.y }
      : { e: key.e, kty: key.kty, n: key.n };
  return createHash("sha256").update(JSON.stringify(required)).digest("base64url");
}

const generateKeyPair = promisify(generate);
