// What the list of an agent's endpoints is called.

import { createHash } from "node:crypto";
import type { Agent } from "../model/mesh.ts";

/**
 * The agent's name and, where its instances are reached by TLS, a sign of how.
 *
 * While a cluster changes, Envoy has two of it: the old one takes calls until the
 * one that warms has its endpoints. Both would get the same list by the same name, and the
 * old one would meet instances that it cannot reach: those with TLS in the clear.
 */
export function endpointsName({ name, tls }: Pick<Agent, "name" | "tls">): string {
  if (tls === undefined) return name;
  const sign = createHash("sha256").update(JSON.stringify(tls)).digest("hex").slice(0, 16);
  return `${name}${separator}${sign}`;
}

/** The cluster that a list of endpoints is for. */
export function clusterOfEndpoints(name: string): string {
  const end = name.indexOf(separator);
  // Names of ours that begin so are no agents'.
  return end < 0 || name.startsWith("smartcall:") ? name : name.slice(0, end);
}

/** Stands in no agent's name. */
const separator = ":";
