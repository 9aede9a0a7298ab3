// An issuer that is not the mesh's own: its keys, and tokens that say whatever a test wants.

import { createSign, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** Makes tokens. */
export interface ForeignIssuer {
  readonly name: string;
  /** Its public keys: a JSON Web Key Set. */
  readonly keys: string;
  /** A token that is good for a minute, with these claims over the usual ones; undefined leaves one out. */
  token(claims?: Readonly<Record<string, unknown>>): string;
}

/** An issuer with one new key, called `kid`; `algorithm` is how it signs. */
export function foreignIssuer(
  name: string,
  algorithm: "ES256" | "RS256" = "ES256",
  kid = `${name}-1`,
): ForeignIssuer {
  const { publicKey, privateKey } =
    algorithm === "ES256"
      ? generateKeyPairSync("ec", { namedCurve: "P-256" })
      : generateKeyPairSync("rsa", { modulusLength: 2048 });
  const jwk = { ...publicKey.export({ format: "jwk" }), kid, alg: algorithm, use: "sig" };
  return {
    name,
    keys: JSON.stringify({ keys: [jwk] }),
    token: (claims = {}) => {
      const now = Math.floor(Date.now() / 1000);
      const usual = { iss: name, aud: "smartcall", sub: "visitor", scope: "agents:invoke" };
      const payload = { ...usual, iat: now, exp: now + 60, ...claims };
      const head = encoded({ alg: algorithm, typ: "JWT", kid });
      const signed = `${head}.${encoded(payload)}`;
      return `${signed}.${signatureOf(signed, algorithm, privateKey)}`;
    },
  };
}

/** What a token says, whoever signed it. */
export function claimsOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
}

/** How a token says that it is signed. */
export function headOf(token: string): unknown {
  return JSON.parse(Buffer.from(token.split(".")[0] ?? "", "base64url").toString());
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

function signatureOf(text: string, algorithm: "ES256" | "RS256", key: KeyObject): string {
  if (algorithm === "RS256") return createSign("sha256").update(text).sign(key, "base64url");
  const raw = sign("sha256", Buffer.from(text), { key, dsaEncoding: "ieee-p1363" });
  return raw.toString("base64url");
}
