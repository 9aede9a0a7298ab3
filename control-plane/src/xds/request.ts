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
  /** Where it listens as the sidecar of an agent, and calls hosts outside the mesh. */
  readonly inboundPort?: number;
  readonly egressPort?: number;
  /** Where its stream comes from, once it is served: an address, or a path. */
  readonly peer?: string;
  /** What other machines reach it by; absent, the address that its stream comes from. */
  readonly inboundHost?: string;
  /** Whether it is a gRPC client that calls agents itself, rather than a gateway. */
  readonly proxyless?: true;
}

/** What a client refused, and why. */
export interface Refusal {
  /** A gRPC status code. */
  readonly code: number;
  readonly message: string;
}

/** All of a type that a client holds, as one response told it. */
export interface Whole {
  /** SHA-256, in hex, of the names and versions: the same content, the same version. */
  readonly version: string;
  readonly resources: ReadonlyMap<string, Resource>;
}

/** What a client asks for in one request. */
export interface Interest {
  readonly subscribe: readonly string[];
  readonly unsubscribe: readonly string[];
  /** What a client that comes back says it holds. */
  readonly initialVersions: ReadonlyMap<string, string>;
  /** The whole that it says it holds; `unknown` where nobody knows what that is. */
  readonly base?: Whole | "unknown";
}

/** What every discovery request says, whatever the variant. */
export interface Said {
  /** Only the first request of a stream has to say it. */
  readonly node: Node | undefined;
  readonly typeUrl: string;
  /** The response that this request ACKs or NACKs; empty for neither. */
  readonly nonce: string;
  /** Set in a NACK. */
  readonly refusal: Refusal | undefined;
}

/** One discovery request: a delta request as it stands, or what another says by its names. */
export interface Request extends Said, Interest {}

/** One discovery response. */
export interface Response {
  readonly type: ResourceType;
  readonly nonce: string;
  /** What it adds or changes. */
  readonly resources: readonly Resource[];
  readonly removed: readonly string[];
  /** The version of all that the view holds of the type, or of all that a whole response tells. */
  readonly version: string;
  /** All that the client is to hold of the type, where it is told whole. */
  readonly whole: Whole | undefined;
}
