// The status of every node, as an operator reads it.

import type { ResourceType } from "../snapshot/snapshot.ts";
import type { NodeProof } from "../state/index.ts";
import type { RefusedResource, Variant } from "../xds/index.ts";
import type { Status, StreamStatus, TypeStatus } from "./status.ts";

/** One node. Ready to be written as JSON. */
export interface NodeRow {
  readonly node: string;
  /**
   * None where it is not connected, usually one; two while it changes connections,
   * or if two nodes share an id.
   */
  readonly streams: readonly StreamRow[];
  /** Where it is not connected: it serves what it had. */
  readonly cutOff?: {
    /** ISO 8601. */
    readonly since: string;
    /** Of tokens and callers, that it never took: they do not hold there. */
    readonly revocations: number;
  };
  /** The same of one that is connected and has not taken them yet; absent where all hold there. */
  readonly revocationsMissed?: number;
}

/** One stream of a node. */
export interface StreamRow {
  readonly stream: string;
  readonly cluster: string;
  readonly envoyVersion: string;
  /** Which variant of the protocol it speaks. */
  readonly variant: Variant;
  /** What it proved itself with. */
  readonly joined: JoinedRow;
  /** ISO 8601. */
  readonly connectedSince: string;
  readonly types: Readonly<Record<ResourceType, TypeRow>>;
}

/** The mesh's own token, on its machine alone; or one for this node, by its id and its expiry. */
export type JoinedRow =
  | { readonly by: "mesh token" }
  | { readonly by: "own token"; readonly token: string; readonly until: string };

/** One type on one stream. */
export interface TypeRow {
  /** `STALE`: sent, and not answered yet. `NACKED`: something that was sent is refused. */
  readonly state: "NOT SENT" | "STALE" | "SYNCED" | "NACKED";
  readonly sentVersion?: string;
  readonly ackedVersion?: string;
  /**
   * In milliseconds: how long the node has used the version that it took last;
   * where it is `STALE`, how long an answer has been owed.
   */
  readonly ageMs?: number;
  readonly lastError?: {
    readonly code: number;
    readonly message: string;
    readonly nonce: string;
    readonly version: string;
    /** ISO 8601. */
    readonly at: string;
    readonly resources: readonly RefusedResource[];
  };
}

/** Every connected node, sorted by id. */
export function nodeRows(status: Status, now: number): readonly NodeRow[] {
  const byNode = new Map<string, StreamRow[]>();
  for (const [stream, of] of status) {
    if (of.node === undefined) continue;
    const rows = byNode.get(of.node.id) ?? [];
    byNode.set(of.node.id, [...rows, streamRow(stream, of, now)]);
  }
  return [...byNode]
    .map(([node, streams]) => ({ node, streams }))
    .sort((a, b) => (a.node < b.node ? -1 : 1));
}

function streamRow(stream: string, of: StreamStatus, now: number): StreamRow {
  const row = (type: ResourceType): TypeRow => typeRow(of.types[type], now);
  const types = {
    cluster: row("cluster"),
    endpoint: row("endpoint"),
    listener: row("listener"),
    route: row("route"),
    secret: row("secret"),
    extension: row("extension"),
  };
  return {
    stream,
    cluster: of.node?.cluster ?? "",
    envoyVersion: of.node?.version ?? "",
    variant: of.variant,
    joined: joinedRow(of.proof),
    connectedSince: new Date(of.connectedAt).toISOString(),
    types,
  };
}

function joinedRow(proof: NodeProof): JoinedRow {
  if (proof.kind === "owner") return { by: "mesh token" };
  const { id, expires } = proof.token;
  return { by: "own token", token: id, until: expires.toISOString() };
}

function typeRow({ sent, acked, error }: TypeStatus, now: number): TypeRow {
  if (sent === undefined) return { state: "NOT SENT" };
  const answered = sent.nonce === acked?.nonce || sent.nonce === error?.nonce;
  const versions = {
    sentVersion: sent.version,
    ...(acked && { ackedVersion: acked.version }),
  };
  const since = answered ? acked?.at : sent.at;
  const age = since === undefined ? {} : { ageMs: now - since };
  if (error === undefined) {
    return { state: answered ? "SYNCED" : "STALE", ...versions, ...age };
  }
  const { code, message, nonce, version, suspects } = error;
  const at = new Date(error.at).toISOString();
  const lastError = { code, message, nonce, version, at, resources: suspects };
  return { state: "NACKED", ...versions, ...age, lastError };
}
