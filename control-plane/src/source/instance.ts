// A running copy of an agent, wherever the mesh learned of it.

/** One running copy of an agent. */
export interface Instance {
  /** Unique within its agent. */
  readonly id: string;
  readonly address: InstanceAddress;
  /** An unhealthy instance stays an endpoint, and gets no calls. */
  readonly healthy: boolean;
  readonly zone: string;
  readonly version: string;
}

/** Where an instance listens for plain gRPC. */
export type InstanceAddress =
  | { readonly kind: "ip"; readonly host: string; readonly port: number }
  | { readonly kind: "unix"; readonly path: string };
