// Addresses as operators write them, and whether they are on this machine.

import { isIPv4, isIPv6 } from "node:net";
import type { InstanceAddress } from "../instance.ts";

/** `127.0.0.1:50051`, `[::1]:50051` or `unix:/path`; undefined for what is none of these. */
export function parseAddress(text: string): InstanceAddress | undefined {
  if (text.startsWith("unix:")) {
    const path = text.slice("unix:".length);
    const fits = path.startsWith("/") && Buffer.byteLength(path) <= longestPath;
    return fits ? { kind: "unix", path } : undefined;
  }
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const host = bracketed ?? plain ?? "";
  const port = Number(digits);
  if (!(port >= 1 && port <= 65_535)) return undefined;
  if (bracketed === undefined) return isIPv4(host) ? { kind: "ip", host, port } : undefined;
  const six = isIPv6(host) ? canonicalIpv6(host) : "";
  return six === "" ? undefined : { kind: "ip", host: six, port };
}

/** Whether nothing but this machine can be behind it, so that it needs no TLS. */
export function isLocal(address: InstanceAddress): boolean {
  return address.kind === "unix" || isLoopback(address.host);
}

/** Whether an IP address is one of loopback's. */
export function isLoopback(host: string): boolean {
  return isIPv4(host) ? host.startsWith("127.") : canonicalIpv6(host) === "::1";
}

/** Whether a name is always this machine's own (RFC 6761, section 6.3). */
export function isLocalName(host: string): boolean {
  return /(^|\.)localhost$/i.test(host);
}

/** What fits `sockaddr_un`, with the zero at its end. */
export const longestPath = 107;

/** An IPv6 address in its one form (RFC 5952); empty for one with a zone (`%lo`), which no URL can have. */
export function canonicalIpv6(host: string): string {
  const url = `http://[${host}]`;
  return URL.canParse(url) ? new URL(url).hostname.slice(1, -1) : "";
}
