// The certificate that the gateways on this machine show.

import type { Authority } from "./authority.ts";
import type { Outcome, Report } from "./outcome.ts";
import { localHosts, type ServerCertificate, serverCertificate } from "./server-certificate.ts";
import type { State } from "./state.ts";

/** The gateways' certificate for `localhost`, `127.0.0.1`, `::1` and this machine's name. */
export function edgeCertificate(
  state: State,
  authority: Authority,
  options: { readonly hostname: string; readonly now: Date; readonly report: Report },
): Promise<Outcome<ServerCertificate>> {
  const { hostname, now, report } = options;
  return serverCertificate(state, authority, {
    document: "ca/edge.pem",
    commonName: "Smart Call edge",
    hosts: localHosts(hostname),
    now,
    report,
  });
}
