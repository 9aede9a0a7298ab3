// A discovery request and response in our own words, whatever the wire says.

import type { Resource, ResourceType } from "../snapshot/snapshot.ts";

/** Who asks. */
export interface Node {
  readonly id: string;
  /** The kind of node, such as `gateway`. */
  readonly cluster: string;
  /** Envoy's version, such as `1.40.0`; empty for a client that does not say. */
  readonly version: string;
  /** Where it listens for callers, if not at the mesh's port. */
  readonly httpsPort?: number;
}

/** What a client refused, and why. */
export interface Refusal {
  /** A gRPC status code. */
  readonly code: number;
  readonly message: string;
}

/** What a client asks for in one request. */
export interface Interest {
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[];
  /** What a client that comes back says it holds. */
  readonly initialVersions: ReadonlyMap<string, string>;
}

/** One delta discovery request. */
export interface Request extends Interest {
  /** Only the first request of a stream has to say it. */
  readonly node: Node | undefined;
  readonly typeUrl: string;
  /** The response that this request ACKs or NACKs; empty for neither. */
  readonly nonce: string;
  /** Set in a NACK. */
  readonly refusal: Refusal | undefined;
}

/** One delta discovery response. */
export interface Response {
  readonly type: ResourceType;
  readonly nonce: string;
  readonly resources: readonly Resource[];
  readonly removed: readonly string[];
  /** The version of all that the view holds of the type. */
  readonly version: string;
}
