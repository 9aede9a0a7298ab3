// Where the sidecar of an instance takes its calls, as a text.

import { isIPv4, isIPv6 } from "node:net";
import { formatAddress } from "@smartcall/runtime";
import type { InstanceAddress } from "../instance.ts";

/** The address in `127.0.0.1:50051` or `[fd00::1]:50051`, as these are printed; undefined in others. */
export function parseLeaseAddress(text: string): InstanceAddress | undefined {
  const [, bracketed, plain, digits] = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(text) ?? [];
  const port = Number(digits);
  if (!(port >= 1 && port <= 65_535)) return undefined;
  const host = bracketed ?? plain ?? "";
  const fits = bracketed === undefined ? isIPv4(host) : isIPv6(host);
  return fits ? { kind: "ip", host, port } : undefined;
}

/** An address as that takes it; equal for the same place. */
export function printLeaseAddress(address: InstanceAddress): string {
  return address.kind === "unix" ? `unix:${address.path}` : formatAddress(address);
}
