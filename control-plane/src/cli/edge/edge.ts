// How callers on this machine reach the edge, and whom they trust.

import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { isIP } from "node:net";
import { formatAddress, isLoopback, type ServedEdge } from "@smartcall/runtime";

/** The edge, as its callers on this machine know it. */
export interface Edge {
  readonly mesh: string;
  /** By a name that its certificate is for, such as `https://localhost:8443`. */
  readonly url: string;
  /** Where it listens, where that name does not lead there by itself; such as `127.0.0.1:8443`. */
  readonly connectTo: string | undefined;
  /** The operator's own certificate, absolute; undefined where the mesh's authority made it. */
  readonly certificate: string | undefined;
  /** The file to trust, absolute: the authority's certificate, or the operator's own. */
  readonly trustFile: string;
  /** Whether that file ends the chain. Else only clients that take its first certificate alone do. */
  readonly isAnchor: boolean;
}

/** The edge that is served; `authority` is the file of the mesh's own. */
export function edgeOf(served: ServedEdge, authority: string): Edge {
  const { mesh, port, certificate } = served;
  const host = hostOf(served.address);
  const chain = certificate === undefined ? [] : chainIn(certificate);
  const name = nameFor(host, chain[0]);
  const leads = name === host || (name === "localhost" && isLoopback(host));
  const last = chain.at(-1);
  return {
    mesh,
    url: `https://${formatAddress({ host: name, port })}`,
    connectTo: leads ? undefined : formatAddress({ host, port }),
    certificate,
    trustFile: certificate ?? authority,
    isAnchor: certificate === undefined || last?.verify(last.publicKey) === true,
  };
}

/** The certificates of the file; none where it cannot be read as such. */
function chainIn(file: string): readonly X509Certificate[] {
  try {
    const blocks = readFileSync(file, "utf8").match(
      /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g,
    );
    return (blocks ?? []).map((pem) => new X509Certificate(pem));
  } catch {
    return [];
  }
}

/** A wildcard address is every address of this machine. */
function hostOf(address: string): string {
  if (address === "0.0.0.0") return "127.0.0.1";
  return address === "::" ? "::1" : address;
}

/** The shortest way to name it that the certificate allows. */
function nameFor(host: string, certificate: X509Certificate | undefined): string {
  if (certificate === undefined || certificate.checkHost("localhost") !== undefined) {
    return "localhost";
  }
  if (isIP(host) !== 0 && certificate.checkIP(host) !== undefined) return host;
  const { subjectAltName = "", subject } = certificate;
  const name =
    /DNS:([\w.*-]+)/.exec(subjectAltName)?.[1] ??
    /IP Address:([\w.:]+)/.exec(subjectAltName)?.[1] ??
    /^CN=([\w.*-]+)$/m.exec(subject)?.[1];
  return name?.replace(/^\*/, "gateway") ?? "localhost";
}
