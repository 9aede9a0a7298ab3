// ECDSA P-256 key pairs as PEM and as the web crypto that certificates are made with.

import { createPrivateKey, createPublicKey, KeyObject, webcrypto } from "node:crypto";

/** ECDSA on P-256, in web crypto's words. */
export const ecdsa = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;

/** A new key pair. */
export async function generateKeyPair(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ecdsa, true, ["sign", "verify"]);
}

/** The private key as PEM (PKCS #8). */
export function privateKeyPem(key: webcrypto.CryptoKey): string {
  return KeyObject.from(key).export({ type: "pkcs8", format: "pem" }).toString();
}

/** The key pair that a private key's PEM (PKCS #8) stands for. */
export async function importKeyPair(pem: string): Promise<webcrypto.CryptoKeyPair> {
  const key = createPrivateKey(pem);
  const privateBytes = key.export({ type: "pkcs8", format: "der" });
  const publicBytes = createPublicKey(key).export({ type: "spki", format: "der" });
  const { subtle } = webcrypto;
  return {
    privateKey: await subtle.importKey("pkcs8", privateBytes, ecdsa, false, ["sign"]),
    publicKey: await subtle.importKey("spki", publicBytes, ecdsa, true, ["verify"]),
  };
}
