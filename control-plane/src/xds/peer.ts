// Where a connection comes from, as grpc-js says it.

import { isIPv4, isIPv6 } from "node:net";

/** The address in `127.0.0.1:4711` or `[::1]:4711`; undefined for a Unix socket. */
export function addressOfPeer(peer: string): string | undefined {
  const host = peer.slice(0, peer.lastIndexOf(":")).replace(/^\[(.*)\]$/, "$1");
  const mapped = host.startsWith("::ffff:") ? host.slice("::ffff:".length) : host;
  return isIPv4(mapped) || isIPv6(mapped) ? mapped : undefined;
}

/** Whether it comes from this machine. */
export function isLoopbackPeer(peer: string): boolean {
  const address = addressOfPeer(peer);
  return address === undefined || address === "::1" || address.startsWith("127.");
}
