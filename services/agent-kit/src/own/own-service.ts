// A gRPC service of an agent's own, to those who write one.

import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import type { CallFacts } from "../call-facts.ts";
import type { Usage } from "../pieces.ts";

/**
 * What a handler is told of its call, beside the request: as of any call of the agent's.
 * Its time is up, and its caller gone, when `signal` aborts.
 */
export interface OwnCall extends CallFacts {
  /** Says what the call has used so far, for its caller's budget; the last word counts. */
  used(usage: Usage): void;
}

/** A service that an agent serves beside the contract. */
export interface OwnService {
  readonly definition: ServiceDefinition;
  /** A serialised FileDescriptorSet that holds the service, and all that it needs. */
  readonly descriptors: Uint8Array;
  readonly handlers: OwnHandlers;
}

/** The handlers by the names that the definition has. */
export interface OwnHandlers {
  readonly [name: string]: OwnHandler;
}

/** Any handler: what it takes and gives is known to those who write it. */
export type OwnHandler = {
  handle(request: never, call: OwnCall): unknown;
}["handle"];

/** The handlers that a definition asks for. */
export type HandlersOf<Definition> = {
  readonly [Name in keyof Definition]: Definition[Name] extends MethodDefinition<
    infer Request,
    infer Response
  >
    ? (
        request: Asked<Definition[Name]["requestStream"], Request>,
        call: OwnCall,
      ) => Answered<Definition[Name]["responseStream"], Response>
    : never;
};

/** One request; of methods whose callers send many, those as they come. */
type Asked<Streams, Request> = Streams extends true ? AsyncIterable<Request> : Request;

/** One answer; of methods that answer with many, those as they are wanted. */
type Answered<Streams, Response> = Streams extends true
  ? AsyncIterable<Response>
  : Promise<Response>;

/**
 * A service for `Agent.services`, with handlers typed by its definition.
 *
 * @param parts `definition`: what a generator writes for grpc-js; `descriptors`: the bytes
 *   that `protoc --include_imports --descriptor_set_out` writes
 */
export function ownService<const Definition extends ServiceDefinition>(parts: {
  readonly definition: Definition;
  readonly descriptors: Uint8Array;
  readonly handlers: OwnHandlers & HandlersOf<Definition>;
}): OwnService {
  return parts;
}
