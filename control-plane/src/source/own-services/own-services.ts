// What an agent serves beside the contract, as its lease brought it.

/** What an agent serves beside the contract. */
export interface OwnServices {
  /** Tells different ones apart: a hash of what was brought. */
  readonly id: string;
  /** As it was brought: a serialised FileDescriptorSet with all that it needs, comments as well. */
  readonly descriptors: Uint8Array;
  /**
   * The contract and the services together, written anew from what was understood: nothing
   * of a stranger reaches a gateway but names and numbers that were checked.
   */
  readonly translated: Uint8Array;
  /** Full names of its services, sorted. */
  readonly services: readonly string[];
  /** What they can be called by: REST paths by POST, and gRPC paths; sorted. */
  readonly paths: readonly OwnPath[];
}

/** One way to call a method of an agent's own. */
export interface OwnPath {
  readonly door: "rest" | "grpc";
  /** Such as `/v1/agents/weather:forecast`, or `/acme.Weather/Forecast`. */
  readonly path: string;
  /** The same method's path by gRPC. */
  readonly method: string;
  /** Its caller sends many messages. */
  readonly clientStreams: boolean;
  /** It answers with many messages. */
  readonly serverStreams: boolean;
}

/** What hinders; each is a sentence with its remedy. */
export type OwnProblems = readonly string[];

/** The largest set of descriptors that is read, in bytes. */
export const largestDescriptors = 256 * 1024;
/** The most methods of an agent's own. */
export const mostMethods = 100;
