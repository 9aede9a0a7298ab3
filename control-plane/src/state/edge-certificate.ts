// The certificate that the gateways on this machine show, kept until it is to be renewed.

import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { type Authority, clockSkew } from "./authority.ts";
import { readDocument } from "./document.ts";
import { type Identity, parseIdentity, printIdentity } from "./identity.ts";
import { type Outcome, type Report, success } from "./outcome.ts";
import type { State } from "./state.ts";

/** What a gateway shows, and when it has to show another. */
export interface EdgeCertificate {
  /** PEM. */
  readonly certificateChain: string;
  /** PEM (PKCS #8). Never logged or shown. */
  readonly privateKey: string;
  /** From then on, ask again: a new one is made. Two thirds of its 30 days. */
  readonly renewAt: Date;
}

/**
 * The gateways' certificate for `localhost`, `127.0.0.1`, `::1` and this
 * machine's name. The one kept is taken as long as it fits, so that a restart
 * changes nothing. Where the new one cannot be kept, that is reported and it is
 * used all the same.
 */
export async function edgeCertificate(
  state: State,
  authority: Authority,
  options: { readonly hostname: string; readonly now: Date; readonly report: Report },
): Promise<Outcome<EdgeCertificate>> {
  const hosts = hostsOf(options.hostname);
  const found = await readDocument(state, name, parseIdentity, options.report);
  if (!found.ok) options.report(found.problem);
  if (found.ok && found.value !== undefined) {
    const kept = edge(found.value);
    if (fits(found.value, authority, hosts) && options.now < kept.renewAt) return success(kept);
  }
  const identity = await authority.issueServerIdentity({
    commonName: "Smart Call edge",
    names: hosts.map((host) => ({ type: isIP(host) === 0 ? "dns" : "ip", value: host })),
    validFrom: new Date(options.now.getTime() - clockSkew),
    validUntil: new Date(options.now.getTime() + lifetime),
  });
  const written = await state.write(name, printIdentity(identity));
  if (!written.ok) options.report(written.problem);
  return success(edge(identity));
}

const name = "ca/edge.pem";
const lifetime = 30 * 86_400_000;

function hostsOf(hostname: string): readonly string[] {
  const hosts = ["localhost", "127.0.0.1", "::1"];
  const own = hostname.toLowerCase();
  // Anything else a machine may be called is no name that a client could check.
  const isName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
  return isName.test(own) && isIP(own) === 0 && !hosts.includes(own) ? [...hosts, own] : hosts;
}

function fits(identity: Identity, authority: Authority, hosts: readonly string[]): boolean {
  const certificate = new X509Certificate(identity.certificate);
  const issuer = new X509Certificate(authority.certificate);
  const covers = (host: string): boolean =>
    isIP(host) === 0
      ? certificate.checkHost(host) !== undefined
      : certificate.checkIP(host) !== undefined;
  return certificate.verify(issuer.publicKey) && hosts.every(covers);
}

function edge(identity: Identity): EdgeCertificate {
  const { validTo } = new X509Certificate(identity.certificate);
  return {
    certificateChain: identity.certificate,
    privateKey: identity.privateKey,
    renewAt: new Date(Date.parse(validTo) - lifetime / 3),
  };
}
