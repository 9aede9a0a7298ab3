// The names by which the parts of a sidecar's egress refer to each other.

/** Names of the listener and of its routes, which no others of a sidecar have. */
export const egressNames = {
  listener: "egress",
  routes: "egress",
} as const;

/** The cluster of the host that an egress names. */
export function egressClusterName(egress: string): string {
  return `smartcall:egress:${egress}`;
}

/** The secret with the key of an egress. */
export function egressSecretName(egress: string): string {
  return `egress:${egress}`;
}
