// One key that signs tokens: how it is made, and how it is written down.

import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { isObject, parseObject } from "@smartcall/runtime";

/** A key that signs tokens with ES256 (RFC 7518 section 3.4). */
export interface SigningKey {
  /** Its thumbprint (RFC 7638), the `kid` of the tokens it signs. */
  readonly kid: string;
  readonly created: Date;
  /** PEM (PKCS #8). Never logged or shown. */
  readonly privateKey: string;
  readonly publicKey: PublicKey;
}

/** The public half as a JSON Web Key (RFC 7517 section 4). */
export interface PublicKey {
  readonly kty: "EC";
  readonly crv: "P-256";
  readonly x: string;
  readonly y: string;
}

/** A new key. */
export function makeSigningKey(created: Date): SigningKey {
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const publicKey = publicKeyOf(pem);
  if (publicKey === undefined) throw new Error("a new P-256 key has no public half");
  return { kid: thumbprint(publicKey), created, privateKey: pem, publicKey };
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
  return { kid: thumbprint(publicKey), created: time, privateKey, publicKey };
}

function publicKeyOf(privateKey: string): PublicKey | undefined {
  try {
    const jwk: unknown = createPublicKey(createPrivateKey(privateKey)).export({ format: "jwk" });
    if (!isObject(jwk)) return undefined;
    const { crv, x, y } = jwk;
    if (crv !== "P-256" || typeof x !== "string" || typeof y !== "string") return undefined;
    return { kty: "EC", crv, x, y };
  } catch {
    return undefined;
  }
}

/** RFC 7638 section 3: the required members in order, without white space. */
function thumbprint({ crv, kty, x, y }: PublicKey): string {
  return createHash("sha256").update(JSON.stringify({ crv, kty, x, y })).digest("base64url");
}
