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
