// A file with the certificates of authorities, PEM, that operators name.

import { X509Certificate } from "node:crypto";
import { type RefusedText, textFile } from "./text-file.ts";

/** The certificates, or what is wrong with their file. */
export type AuthoritiesRead = Authorities | RefusedText<"no-certificate">;

interface Authorities {
  readonly kind: "authorities";
  /** PEM, with nothing that is no certificate. */
  readonly certificates: string;
}

/** Proves that each certificate in such a file is one. */
export const authoritiesFile = textFile<Authorities, "no-certificate">((text) => {
  const blocks = text.match(block) ?? [];
  return blocks.length > 0 && blocks.every(isCertificate)
    ? { kind: "authorities", certificates: `${blocks.join("\n")}\n` }
    : { kind: "refused", problem: "no-certificate", reason: "" };
});

const block = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** Reading fails by exception in Node; here a text that is no certificate is expected. */
function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
