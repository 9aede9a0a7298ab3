// How far every stream is with every type, built from what happens on it.

import type { ResourceType } from "../snapshot/snapshot.ts";
import type { NodeProof } from "../state/index.ts";
import type { Node, RefusedResource, StreamEvent, Variant, XdsEvent } from "../xds/index.ts";

/** All open streams, by their ids. Two of them may be of one node. */
export type Status = ReadonlyMap<string, StreamStatus>;

/** One open stream. Times are milliseconds since 1970. */
export interface StreamStatus {
  readonly connectedAt: number;
  /** Of the protocol: whether it is told what changes, or some types whole. */
  readonly variant: Variant;
  /** Who it proved to be. */
  readonly proof: NodeProof;
  /** Undefined until the client has said who it is. */
  readonly node: Node | undefined;
  readonly types: Readonly<Record<ResourceType, TypeStatus>>;
}

/** How far one stream is with one type. */
export interface TypeStatus {
  /** The last response. */
  readonly sent: Exchange | undefined;
  /** The last response that was ACKed; `at` is when its version was taken first. */
  readonly acked: Exchange | undefined;
  /** The last NACK, until all that it refused is made good. */
  readonly error: NackStatus | undefined;
}

/** A response, and when it was sent or answered. */
export interface Exchange {
  readonly nonce: string;
  /** Of all that the view held of the type. */
  readonly version: string;
  readonly at: number;
}

/** A NACK. */
export interface NackStatus extends Exchange {
  /** A gRPC status code. */
  readonly code: number;
  readonly message: string;
  /** What was refused: one resource, or several of which one is bad. */
  readonly suspects: readonly RefusedResource[];
}

/** Notes that something happened. In place: a copy each time would cost more with each stream. */
export function noteEvent(status: Map<string, StreamStatus>, event: XdsEvent): void {
  if (!("stream" in event)) return;
  const after = streamAfter(status.get(event.stream), event);
  if (after === undefined) status.delete(event.stream);
  else status.set(event.stream, after);
}

function streamAfter(
  before: StreamStatus | undefined,
  event: StreamEvent,
): StreamStatus | undefined {
  if (event.kind === "opened") return opened(event);
  if (event.kind === "closed" || before === undefined) return undefined;
  if (event.kind === "identified") return { ...before, node: event.node };
  const change = typeChange(event);
  if (change === undefined) return before;
  const was = before.types[change.type];
  const { acked } = change.fields;
  const same = acked !== undefined && acked.version === was.acked?.version;
  const type = {
    ...was,
    ...change.fields,
    ...(same && { acked: { ...acked, at: was.acked?.at ?? acked.at } }),
    ...(event.kind === "recovered" && goneBack(was)),
  };
  return { ...before, types: { ...before.types, [change.type]: type } };
}

type Opened = Extract<XdsEvent, { readonly kind: "opened" }>;

function opened({ at, variant, proof }: Opened): StreamStatus {
  const none: TypeStatus = { sent: undefined, acked: undefined, error: undefined };
  const types = {
    cluster: none,
    endpoint: none,
    listener: none,
    route: none,
    secret: none,
    extension: none,
  };
  return { connectedAt: at, variant, proof, node: undefined, types };
}

function typeChange(
  event: XdsEvent,
): { readonly type: ResourceType; readonly fields: Partial<TypeStatus> } | undefined {
  switch (event.kind) {
    case "sent":
      return { type: event.type, fields: { sent: exchange(event) } };
    case "held": {
      // It answers for what an earlier stream sent.
      const before = exchange({ ...event, nonce: "" });
      return { type: event.type, fields: { sent: before, acked: before } };
    }
    case "acked":
      return { type: event.type, fields: { acked: exchange(event) } };
    case "nacked": {
      const { code, message } = event.refusal;
      const { suspects } = event;
      return {
        type: event.type,
        fields: { error: { ...exchange(event), code, message, suspects } },
      };
    }
    case "recovered":
      return { type: event.type, fields: { error: undefined } };
    default:
      return undefined;
  }
}

/** Where what was refused is made good by taking it back, nothing is sent: it holds what it took. */
function goneBack({ sent, acked, error }: TypeStatus): Partial<TypeStatus> {
  return sent !== undefined && sent.nonce === error?.nonce ? { sent: acked } : {};
}

function exchange({ nonce, version, at }: Exchange): Exchange {
  return { nonce, version, at };
}
