// Whose certificates a client takes, as options of Node's TLS.

import { X509Certificate } from "node:crypto";
import type { ConnectionOptions } from "node:tls";

/** Whose certificates are taken. */
export type Trust =
  /** Those of the public authorities. */
  | { readonly kind: "public" }
  /** Those of the authorities with these certificates, PEM. */
  | { readonly kind: "authority"; readonly certificates: string }
  /** The first certificate of this PEM and no other, whatever names it is for. */
  | { readonly kind: "exactly"; readonly certificate: string };

/** Options for a connection. */
export function tlsOptions(trust: Trust): ConnectionOptions {
  if (trust.kind === "public") return {};
  if (trust.kind === "authority") return { ca: trust.certificates };
  const pinned = new X509Certificate(trust.certificate);
  return {
    ca: pinned.toString(),
    allowPartialTrustChain: true,
    checkServerIdentity: (_, { fingerprint256 }) =>
      fingerprint256 === pinned.fingerprint256
        ? undefined
        : new Error("it is not the certificate that the mesh was started with"),
  };
}
