// Ranges of IP addresses as operators write them.

import { isIPv4, isIPv6 } from "node:net";
import { canonicalIpv6 } from "./address.ts";

/** What a text says of a range. */
export type NetworkRead =
  /** CIDR (RFC 4632), in its shortest form. */
  | { readonly kind: "network"; readonly cidr: string }
  /** Bits are set beyond the prefix, so that it is unclear what is meant. */
  | { readonly kind: "host-bits"; readonly network: string; readonly address: string };

/** `10.0.0.0/8`, `2001:db8::/32`, or one address by itself; undefined for what is none of these. */
export function parseNetwork(text: string): NetworkRead | undefined {
  const [, host = "", digits] = /^([0-9A-Fa-f.:]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const groups = isIPv4(host) ? octetsOf(host) : isIPv6(host) ? hextetsOf(host) : undefined;
  if (groups === undefined) return undefined;
  const width = groups.length === 4 ? 8 : 16;
  const prefix = digits === undefined ? groups.length * width : Number(digits);
  if (prefix > groups.length * width) return undefined;
  const kept = groups.map((group, index) => {
    const bits = Math.min(Math.max(prefix - index * width, 0), width);
    return group & ~(2 ** (width - bits) - 1);
  });
  const cidr = `${textOf(kept)}/${prefix}`;
  return kept.every((group, index) => group === groups[index])
    ? { kind: "network", cidr }
    : { kind: "host-bits", network: cidr, address: `${textOf(groups)}/${groups.length * width}` };
}

function octetsOf(host: string): readonly number[] {
  return host.split(".").map(Number);
}

/** Eight groups of 16 bits; a dotted end is already hexadecimal in the canonical form. */
function hextetsOf(host: string): readonly number[] {
  const [before = "", after] = canonicalIpv6(host).split("::");
  const groups = (part: string): readonly number[] =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const [head, tail] = [groups(before), groups(after ?? "")];
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

function textOf(groups: readonly number[]): string {
  return groups.length === 4
    ? groups.join(".")
    : canonicalIpv6(groups.map((group) => group.toString(16)).join(":"));
}
