// Whom a machine believes about hosts on the internet, as a secret of a sidecar's bootstrap.

import { existsSync } from "node:fs";
import { rootCertificates } from "node:tls";

/** The secret's name, by which the clusters of hosts outside the mesh find it. */
export const systemAuthoritiesName = "system-authorities";

/** A file of PEM, or the PEM itself. */
export type SystemAuthorities = { readonly file: string } | { readonly pem: string };

/** Where systems keep them, as one file: Debian and Alpine, RHEL, SUSE, BSD. */
const bundles = [
  "/etc/ssl/certs/ca-certificates.crt",
  "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",
  "/etc/pki/tls/certs/ca-bundle.crt",
  "/etc/ssl/ca-bundle.pem",
  "/etc/ssl/cert.pem",
] as const;

/**
 * The file that `SSL_CERT_FILE` names, as other programs understand it, else the machine's
 * own; where it has none, the authorities that Node.js comes with.
 */
export function systemAuthorities(
  env: Readonly<Record<string, string | undefined>>,
  exists: (path: string) => boolean = existsSync,
): SystemAuthorities {
  const { SSL_CERT_FILE: named } = env;
  const file = [named ?? "", ...bundles].find((path) => path !== "" && exists(path));
  return file === undefined ? { pem: rootCertificates.join("\n") } : { file };
}

/** The secret, for a bootstrap's `static_resources.secrets`. */
export function systemAuthoritiesSecret(authorities: SystemAuthorities): object {
  const trusted_ca =
    "file" in authorities ? { filename: authorities.file } : { inline_string: authorities.pem };
  return { name: systemAuthoritiesName, validation_context: { trusted_ca } };
}
