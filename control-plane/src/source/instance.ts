// A running copy of an agent, wherever the mesh learned of it.

/** Who an agent is told that calls it, where a gateway does. No agent has this name. */
export const gatewayName = "gateway";

/** One running copy of an agent. */
export interface Instance {
  /** Unique within its agent. */
  readonly id: string;
  readonly address: InstanceAddress;
  /** An unhealthy instance is no endpoint of the gateways: it gets no calls, and goes on with those it has. */
  readonly healthy: boolean;
  readonly zone: string;
  readonly version: string;
  /** How it is reached; absent, `plain`. */
  readonly reach?: Reach | undefined;
}

/**
 * How an instance is reached: `sidecar`, by mTLS, and it proves the agent's name in the mesh;
 * `authority`, by TLS, see `Agent.tls`; `plain`, in the clear, on this machine only.
 */
export type Reach = "sidecar" | "authority" | "plain";

/** Where an instance, or the sidecar before it, listens. */
export type InstanceAddress =
  | { readonly kind: "ip"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };
