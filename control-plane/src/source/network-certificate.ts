// What the control plane shows where others than this machine reach it, renewed in time.

import { hostname, networkInterfaces } from "node:os";
import {
  type Authority,
  type NetworkUse,
  networkCertificate,
  type Outcome,
  type State,
} from "../state/index.ts";
import {
  type RenewalOptions,
  type RenewedCertificate,
  renewedCertificate,
} from "./renewed-certificate.ts";

/** What it is made from. */
export interface NetworkCertificateOrder extends RenewalOptions {
  readonly state: State;
  readonly authority: Authority;
  /** Where it listens. */
  readonly host: string;
  /** What else it is called. */
  readonly names: readonly string[];
}

/** A certificate of the mesh's own authority for the names and addresses of this machine. */
export function renewedNetworkCertificate(
  use: NetworkUse,
  order: NetworkCertificateOrder,
): Promise<Outcome<RenewedCertificate>> {
  const { state, authority, host, names, report } = order;
  const make = (now: Date) => {
    const addresses = Object.values(networkInterfaces()).flatMap((of = []) => of);
    return networkCertificate(state, authority, use, {
      host,
      hostname: hostname(),
      names,
      addresses: addresses.map(({ address }) => address),
      now,
      report,
    });
  };
  return renewedCertificate(make, order);
}
