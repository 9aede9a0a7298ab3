// The environment variables that a rendered configuration is started with.

/** What no `mesh.yaml` holds. Envoy reads each when it starts. */
export const edgeVariables = {
  /** The gateway's certificate, then those between it and its authority: PEM. */
  certificate: "SMARTCALL_EDGE_CERTIFICATE",
  /** Its private key: PEM. */
  key: "SMARTCALL_EDGE_KEY",
  /** The public keys of the mesh's tokens: a JSON Web Key Set. */
  issuerKeys: "SMARTCALL_ISSUER_KEYS",
} as const;

/** What a node proves itself to others of the mesh with: where it meets sidecars, or is one. */
export const nodeVariables = {
  /** Its certificate of the mesh: PEM. */
  certificate: "SMARTCALL_MESH_CERTIFICATE",
  /** Its private key: PEM. */
  key: "SMARTCALL_MESH_KEY",
  /** The mesh's authority: PEM. */
  authority: "SMARTCALL_MESH_AUTHORITY",
} as const;

/** The key of an egress, by the secret's name, such as `egress:openai`. */
export function egressVariable(secret: string): string {
  const name = secret.slice(secret.indexOf(":") + 1);
  return `SMARTCALL_EGRESS_KEY_${name.replaceAll(/[^A-Za-z0-9]/g, "_").toUpperCase()}`;
}
