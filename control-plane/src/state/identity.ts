// A certificate and its private key in one PEM text, so that neither is ever without the other.

import { createPrivateKey, X509Certificate } from "node:crypto";

/** A certificate and its private key, both PEM. */
export interface Identity {
  readonly certificate: string;
  readonly privateKey: string;
}

/** One text of both. */
export function printIdentity(identity: Identity): string {
  return `${identity.privateKey.trim()}\n${identity.certificate.trim()}\n`;
}

/** Both out of one text, or undefined where they are not there or do not belong together. */
export function parseIdentity(text: string): Identity | undefined {
  const privateKey = block(text, "PRIVATE KEY");
  const certificate = block(text, "CERTIFICATE");
  if (privateKey === undefined || certificate === undefined) return undefined;
  try {
    const fits = new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey));
    return fits ? { certificate, privateKey } : undefined;
  } catch {
    return undefined;
  }
}

/** The first PEM block (RFC 7468) with this label, with a line feed after it. */
function block(text: string, label: string): string | undefined {
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`];
  const from = text.indexOf(begin);
  const to = text.indexOf(end, from);
  return from < 0 || to < 0 ? undefined : `${text.slice(from, to)}${end}\n`;
}
