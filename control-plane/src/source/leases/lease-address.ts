// Where an instance says that it listens: this machine only.

import { isIPv4, isIPv6 } from "node:net";
import { isAbsolute } from "node:path";
import type { InstanceAddress } from "../instance.ts";

/**
 * The address in `127.0.0.1:50051`, `[::1]:50051` or `unix:/path`, or why it is
 * not taken. Anything but loopback and Unix sockets would be in the clear
 * between machines.
 */
export function parseLeaseAddress(text: string): InstanceAddress | string {
  if (text.startsWith("unix:")) return parseUnix(text.slice("unix:".length));
  const place = hostAndPort(text);
  if (place === undefined) return `"${text}" is no address. ${forms}`;
  const isLoopback = place.host === "::1" || place.host.startsWith("127.");
  return isLoopback ? { kind: "ip", ...place } : notLoopback(place.host);
}

/** Where a sidecar takes calls, on whatever machine; or why it is not taken. */
export function parseSidecarAddress(text: string): InstanceAddress | string {
  const place = hostAndPort(text);
  return place === undefined ? `"${text}" is no address.` : { kind: "ip", ...place };
}

/** An address as these take it; equal for the same place. */
export function printLeaseAddress(address: InstanceAddress): string {
  if (address.kind === "unix") return `unix:${address.path}`;
  const { host, port } = address;
  return isIPv6(host) ? `[${host}]:${port}` : `${host}:${port}`;
}

/** Of an IPv4 address, or of an IPv6 one in brackets. */
function hostAndPort(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, bracketed, plain, digits] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (!(port >= 1 && port <= 65_535)) return undefined;
  if (plain !== undefined) return isIPv4(plain) ? { host: plain, port } : undefined;
  const host = bracketed !== undefined && isIPv6(bracketed) ? canonicalIpv6(bracketed) : "";
  return host === "" ? undefined : { host, port };
}

const forms = "Use 127.0.0.1:PORT, [::1]:PORT or unix:/PATH.";
/** What fits `sockaddr_un`, with the zero at its end. */
const longestPath = 107;

function notLoopback(host: string): string {
  return `${host} is not on loopback, and agents take calls without TLS. ${forms}`;
}

function parseUnix(path: string): InstanceAddress | string {
  if (!isAbsolute(path)) return `"unix:${path}" is no absolute path. ${forms}`;
  if (Buffer.byteLength(path) > longestPath) {
    return `The path of a Unix socket has at most ${longestPath} bytes.`;
  }
  return { kind: "unix", path };
}

function canonicalIpv6(host: string): string {
  // A zone (`%lo`) is no part of a URL, and no loopback address needs one.
  return URL.canParse(`http://[${host}]`) ? new URL(`http://[${host}]`).hostname.slice(1, -1) : "";
}
