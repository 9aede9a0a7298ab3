// The certificate that the operator's pages show where they leave the machine.

import { isIP } from "node:net";
import type { Authority } from "./authority.ts";
import type { Outcome, Report } from "./outcome.ts";
import { localHosts, type ServerCertificate, serverCertificate } from "./server-certificate.ts";
import type { State } from "./state.ts";

/** How the pages are reached. */
export interface AdminPlace {
  /** Where they listen: a name, an address, or all addresses (`0.0.0.0`, `::`). */
  readonly host: string;
  readonly hostname: string;
  /** What else they are called. */
  readonly names: readonly string[];
  /** The machine's own addresses, for pages that listen on all. */
  readonly addresses: readonly string[];
  readonly now: Date;
  readonly report: Report;
}

/** A certificate for every name and address that the pages are reached by. */
export function adminCertificate(
  state: State,
  authority: Authority,
  place: AdminPlace,
): Promise<Outcome<ServerCertificate>> {
  const { now, report } = place;
  return serverCertificate(state, authority, {
    document: "ca/admin.pem",
    commonName: "Smart Call control plane",
    hosts: adminHosts(place),
    now,
    report,
  });
}

function adminHosts({ host, hostname, names, addresses }: AdminPlace): readonly string[] {
  const everywhere = host === "0.0.0.0" || host === "::";
  // An address with a zone, such as fe80::1%eth0, means nothing on another machine.
  const own = addresses.filter((address) => isIP(address) !== 0 && !address.startsWith("fe80:"));
  return [...new Set([...localHosts(hostname), ...(everywhere ? own : [host]), ...names])];
}
