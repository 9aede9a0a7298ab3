// Tells addresses that the whole Internet can reach from those of this machine and its networks.

import { BlockList, isIPv4, isIPv6 } from "node:net";

/**
 * Whether an IP address is public: by the registries of special addresses of IANA
 * (RFC 6890). What is no IP address is not. Addresses of IPv6 that carry one of
 * IPv4, as translators take them, are not either.
 */
export function isPublicAddress(host: string): boolean {
  if (isIPv4(host)) return !special.check(host, "ipv4");
  return isIPv6(host) && global.check(host, "ipv6") && !special.check(host, "ipv6");
}

const special = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const) {
  special.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const) {
  special.addSubnet(network, prefix, "ipv6");
}

/** All that was given out for the Internet lies in it (RFC 4291, section 2.4). */
const global = new BlockList();
global.addSubnet("2000::", 3, "ipv6");
