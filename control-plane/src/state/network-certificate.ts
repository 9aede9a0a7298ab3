// The certificates that the control plane shows where it is reached from other machines.

import { isIP } from "node:net";
import type { Authority } from "./authority.ts";
import type { Outcome, Report } from "./outcome.ts";
import { localHosts, type ServerCertificate, serverCertificate } from "./server-certificate.ts";
import type { State } from "./state.ts";

/** How a port of the control plane is reached. */
export interface NetworkPlace {
  /** Where it listens: a name, an address, or all addresses (`0.0.0.0`, `::`). */
  readonly host: string;
  readonly hostname: string;
  /** What else it is called. */
  readonly names: readonly string[];
  /** The machine's own addresses, for a port that listens on all. */
  readonly addresses: readonly string[];
  readonly now: Date;
  readonly report: Report;
}

/** What it is shown for: the operator's pages, or xDS and leases. Its document is named so. */
export type NetworkUse = "admin" | "nodes";

/** A certificate for every name and address that the port is reached by. */
export function networkCertificate(
  state: State,
  authority: Authority,
  use: NetworkUse,
  place: NetworkPlace,
): Promise<Outcome<ServerCertificate>> {
  const { now, report } = place;
  return serverCertificate(state, authority, {
    document: `ca/${use}.pem`,
    commonName: "Smart Call control plane",
    hosts: hostsOf(place),
    now,
    report,
  });
}

function hostsOf({ host, hostname, names, addresses }: NetworkPlace): readonly string[] {
  const everywhere = host === "0.0.0.0" || host === "::";
  // An address with a zone, such as fe80::1%eth0, means nothing on another machine.
  const own = addresses.filter((address) => isIP(address) !== 0 && !address.startsWith("fe80:"));
  return [...new Set([...localHosts(hostname), ...(everywhere ? own : [host]), ...names])];
}
