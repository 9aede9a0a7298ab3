// Which addresses the control plane may fetch from, so that nobody makes it ask its own network.

import { BlockList, isIPv4, isIPv6 } from "node:net";
import { isPublicAddress } from "../addresses/index.ts";

/** Looks up the addresses of a host; rejects where it cannot tell. */
export type Resolve = (host: string) => Promise<readonly string[]>;

/** The addresses that a host has and that may be asked, or why none may. */
export type Allowed =
  | { readonly ok: true; readonly addresses: readonly string[] }
  | { readonly ok: false; readonly problem: string };

/**
 * The addresses behind `host`, a name or an address itself. One among them that is
 * not public refuses them all: its owner could let it be the one that is asked.
 *
 * Only these may then be connected to. A second look-up could give others (DNS
 * rebinding).
 *
 * @param internal this machine and private networks are allowed too
 */
export async function allowedAddresses(
  host: string,
  internal: boolean,
  resolve: Resolve,
): Promise<Allowed> {
  const literal = /^\[(.*)\]$/.exec(host)?.[1] ?? host;
  let addresses: readonly string[];
  try {
    addresses = isIPv4(literal) || isIPv6(literal) ? [literal] : await resolve(host);
  } catch (error) {
    const why = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return { ok: false, problem: `${host} cannot be looked up (${why})` };
  }
  if (addresses.length === 0) return { ok: false, problem: `${host} has no addresses` };
  for (const address of addresses) {
    const reach = reachOf(address);
    if (reach === "never") {
      return { ok: false, problem: `${host} leads to ${address}, where no issuer can be` };
    }
    if (reach === "internal" && !internal) {
      const problem = `${host} leads to ${address}, which is not public; \`internal: true\` allows that`;
      return { ok: false, problem };
    }
  }
  return { ok: true, addresses };
}

/** Who allows an IP address to be asked: nobody has to, `internal: true` does, or nothing does. */
export function reachOf(address: string): "public" | "internal" | "never" {
  if (isPublicAddress(address)) return "public";
  return isNever(address) ? "never" : "internal";
}

/** What clouds tell a machine about itself is link-local, credentials among it. */
function isNever(address: string): boolean {
  if (isIPv4(address)) return never.check(address, "ipv4");
  return !isIPv6(address) || never.check(address, "ipv6");
}

const never = new BlockList();
for (const [network, prefix] of [
  ["0.0.0.0", 8],
  ["169.254.0.0", 16],
  ["224.0.0.0", 3],
] as const) {
  never.addSubnet(network, prefix, "ipv4");
}
for (const [network, prefix] of [
  ["::", 128],
  // Ways into IPv4 (RFC 6052, RFC 8215): where they end cannot be seen here.
  ["64:ff9b::", 96],
  ["64:ff9b:1::", 48],
  ["fd00:ec2::", 32],
  ["fe80::", 10],
  ["ff00::", 8],
] as const) {
  never.addSubnet(network, prefix, "ipv6");
}
