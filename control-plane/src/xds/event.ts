// What happens on xDS streams, for the status page, the metrics and the log.

import type { ResourceType } from "../snapshot/snapshot.ts";
import type { Origin } from "../source/origin.ts";
import type { NodeProof } from "../state/index.ts";
import type { Node, Refusal } from "./request.ts";
import type { Variant } from "./variant.ts";

/** Something that happened at a moment (`at`, milliseconds since 1970). */
export type XdsEvent =
  | {
      readonly kind: "published";
      readonly at: number;
      readonly reason: string;
      readonly changed: number;
      readonly removed: number;
    }
  | {
      readonly kind: "refused stream";
      readonly at: number;
      readonly code: string;
      readonly message: string;
      readonly peer: string;
    }
  | StreamEvent;

/** Something that happened on one stream. */
export type StreamEvent = { readonly at: number; readonly stream: string } & (
  | { readonly kind: "opened"; readonly variant: Variant; readonly proof: NodeProof }
  | { readonly kind: "identified"; readonly node: Node }
  | {
      readonly kind: "sent";
      readonly type: ResourceType;
      readonly nonce: string;
      readonly version: string;
      /** What made it go out: `request`, or the reason of a publication. */
      readonly reason: string;
      readonly resources: number;
      readonly removed: number;
    }
  /** It came back with all of a type, so nothing was sent. */
  | { readonly kind: "held"; readonly type: ResourceType; readonly version: string }
  | {
      readonly kind: "acked";
      readonly type: ResourceType;
      readonly nonce: string;
      readonly version: string;
    }
  | {
      readonly kind: "nacked";
      /** The id of the node that refuses. */
      readonly node: string;
      readonly type: ResourceType;
      readonly nonce: string;
      readonly version: string;
      /** Redacted. */
      readonly refusal: Refusal;
      /** What was in the response: one, or several of which one is bad. */
      readonly suspects: readonly RefusedResource[];
    }
  | { readonly kind: "recovered"; readonly type: ResourceType }
  | { readonly kind: "unknown type"; readonly typeUrl: string }
  | {
      readonly kind: "converged";
      /** From the first change of a publication to this node's last answer to it. */
      readonly ms: number;
      readonly refused: boolean;
    }
  | { readonly kind: "closed"; readonly reason: string }
);

/** A resource in a refused response, and where an operator wrote what it came from. */
export interface RefusedResource {
  readonly name: string;
  readonly origin: Origin | undefined;
}
