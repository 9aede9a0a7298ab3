// Makes certificates, as an operator who has an authority of their own.
import "reflect-metadata";
import { webcrypto } from "node:crypto";
import {
  BasicConstraintsExtension,
  PemConverter,
  SubjectAlternativeNameExtension,
  type X509Certificate,
  X509CertificateGenerator,
} from "@peculiar/x509";

/** A certificate and its key. */
export interface Identity {
  readonly certificate: X509Certificate;
  readonly keys: webcrypto.CryptoKeyPair;
  /** Both as PEM. */
  readonly cert: string;
  readonly key: string;
}

/** A certificate for an hour. Without host names it is an authority's, without issuer self-signed. */
export function makeIdentity(
  name: string,
  hosts: readonly string[],
  issuer?: Identity,
): Promise<Identity> {
  return makeWith(elliptic, name, hosts, issuer);
}

/** A client's certificate. Its names are URIs where they have a scheme, and else hosts. */
export function makeClient(
  names: readonly string[],
  issuer: Identity,
  validForMs?: number,
): Promise<Identity> {
  return makeWith(elliptic, "client", names, issuer, validForMs);
}

/** One whose key is so short that Node takes it, and Envoy does not. */
export function makeWeakIdentity(name: string, hosts: readonly string[]): Promise<Identity> {
  return makeWith(shortRsa, name, hosts);
}

async function makeWith(
  algorithm: typeof elliptic | typeof shortRsa,
  name: string,
  hosts: readonly string[],
  issuer?: Identity,
  validForMs = 3_600_000,
): Promise<Identity> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: issuer?.certificate.subject ?? `CN=${name}`,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + validForMs),
    publicKey: keys.publicKey,
    signingKey: (issuer?.keys ?? keys).privateKey,
    signingAlgorithm: algorithm,
    extensions: [
      new BasicConstraintsExtension(hosts.length === 0, undefined, true),
      ...(hosts.length === 0
        ? []
        : [
            new SubjectAlternativeNameExtension(
              hosts.map((value) => ({ type: value.includes("://") ? "url" : "dns", value })),
            ),
          ]),
    ],
  });
  const pkcs8 = await webcrypto.subtle.exportKey("pkcs8", keys.privateKey);
  const key = PemConverter.encode(pkcs8, "PRIVATE KEY");
  return { certificate, keys, cert: certificate.toString("pem"), key };
}

const elliptic = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

const shortRsa = {
  name: "RSASSA-PKCS1-v1_5",
  modulusLength: 1024,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: "SHA-256",
};
