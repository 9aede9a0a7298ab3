// Names that all of the control plane agrees on: to know them costs nothing of what stands behind them.

/** The name, in the state, of the authority's public certificate. */
export const authorityCertificateName = "ca.pem";

/** The name, in the state, of the leases that a restart remembers. */
export const instancesName = "instances.json";

/** What allows its holder to see and change the mesh: the scope of operators. */
export const operatorScope = "mesh:admin";

/** The default scope of a token, and of what a route without `allow` needs. */
export const defaultScope = "agents:invoke";

/** Whom a mesh's own tokens are for: their `aud`. */
export const audience = "smartcall";

/** Who a mesh's own tokens are from: their `iss`. */
export function issuerOf(mesh: string): string {
  return `smartcall:${mesh}`;
}
