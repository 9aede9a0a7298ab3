// A certificate of the mesh's own authority that a server shows, kept until it is to be renewed.

import { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import { type Authority, clockSkew } from "./authority.ts";
import { readDocument } from "./document.ts";
import { type Identity, parseIdentity, printIdentity } from "./identity.ts";
import { type Outcome, type Report, success } from "./outcome.ts";
import type { State } from "./state.ts";

/** What a server shows, and when it has to show another. */
export interface ServerCertificate {
  /** PEM. */
  readonly certificateChain: string;
  /** PEM (PKCS #8). Never logged or shown. */
  readonly privateKey: string;
  /** From then on, ask again: a new one is made. Two thirds of its 30 days. */
  readonly renewAt: Date;
}

/** Whose certificate it is. */
export interface ServerOrder {
  /** Its document in the state. */
  readonly document: string;
  readonly commonName: string;
  /** Names and IP addresses. */
  readonly hosts: readonly string[];
  readonly now: Date;
  readonly report: Report;
}

/**
 * The one kept is taken as long as it fits, so that a restart changes nothing.
 * Where the new one cannot be kept, that is reported and it is used all the same.
 */
export async function serverCertificate(
  state: State,
  authority: Authority,
  { document, commonName, hosts, now, report }: ServerOrder,
): Promise<Outcome<ServerCertificate>> {
  const found = await readDocument(state, document, parseIdentity, report);
  if (!found.ok) report(found.problem);
  if (found.ok && found.value !== undefined) {
    const kept = shown(found.value);
    if (fits(found.value, authority, hosts) && now < kept.renewAt) return success(kept);
  }
  const identity = await authority.issueServerIdentity({
    commonName,
    names: hosts.map((host) => ({ type: isIP(host) === 0 ? "dns" : "ip", value: host })),
    validFrom: new Date(now.getTime() - clockSkew),
    validUntil: new Date(now.getTime() + lifetime),
  });
  const written = await state.write(document, printIdentity(identity));
  if (!written.ok) report(written.problem);
  return success(shown(identity));
}

/** The names of this machine for those on it, and its own name where clients could check it. */
export function localHosts(hostname: string): readonly string[] {
  const hosts = ["localhost", "127.0.0.1", "::1"];
  const own = hostname.toLowerCase();
  // Anything else a machine may be called is no name that a client could check.
  const isName = /^(?=.{1,253}$)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/;
  return isName.test(own) && isIP(own) === 0 && !hosts.includes(own) ? [...hosts, own] : hosts;
}

const lifetime = 30 * 86_400_000;

function fits(identity: Identity, authority: Authority, hosts: readonly string[]): boolean {
  const certificate = new X509Certificate(identity.certificate);
  const issuer = new X509Certificate(authority.certificate);
  const covers = (host: string): boolean =>
    isIP(host) === 0
      ? certificate.checkHost(host) !== undefined
      : certificate.checkIP(host) !== undefined;
  return certificate.verify(issuer.publicKey) && hosts.every(covers);
}

function shown(identity: Identity): ServerCertificate {
  const { validTo } = new X509Certificate(identity.certificate);
  return {
    certificateChain: identity.certificate,
    privateKey: identity.privateKey,
    renewAt: new Date(Date.parse(validTo) - lifetime / 3),
  };
}
