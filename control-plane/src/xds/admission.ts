// Who may open an xDS stream, and as which node.

import { type Metadata, status } from "@grpc/grpc-js";
import { createStreamCount, type Joining, type NodeProof } from "../state/index.ts";
import type { ConnectRate } from "./connect-rate.ts";
import type { Node } from "./request.ts";

/** Why a stream ends, as gRPC says it. */
export interface Refused {
  readonly code: status;
  readonly message: string;
}

/** A stream that may open, what its node has proved, and what to call at its end; or why it may not. */
export type Admission =
  | { readonly ok: true; readonly proof: NodeProof; readonly ended: () => void }
  | ({ readonly ok: false } & Refused);

/** What decides over streams that are to open. */
export interface AdmissionOptions {
  /** How fast streams of the mesh's own token may begin; 100 a second, 1,000 at once unless given. */
  readonly connectRate: ConnectRate | undefined;
  /** How many streams there may be; 10,000 unless given. */
  readonly mostStreams: number | undefined;
  readonly now: () => number;
}

const defaultRate: ConnectRate = { perSecond: 100, burst: 1000 };
const defaultMost = 10_000;
/** How many streams one node may have: two while it changes connections, and some that are lost. */
const mostStreamsOfNode = 16;

/** Counts the streams that open; nobody can use up what others may, and strangers nothing. */
export function createAdmission(
  options: AdmissionOptions,
): (joined: (authorization: string | undefined) => Joining, metadata: Metadata) => Admission {
  const { connectRate: rate = defaultRate, mostStreams: most = defaultMost } = options;
  const count = createStreamCount({ rate, most }, options.now);
  return (joined, metadata) => {
    const joining = joined(metadata.get("authorization")[0]?.toString());
    if (!joining.ok) {
      return { ok: false, code: status[joining.code], message: joining.message };
    }
    const ended = count.begin(joining.proof);
    if (ended === undefined) {
      return { ok: false, code: status.RESOURCE_EXHAUSTED, message: tooMany };
    }
    return { ...joining, ended };
  };
}

/**
 * Why a node may have no such stream.
 *
 * @param others the nodes of the streams that are open
 */
export function refusalOf(
  node: Node | undefined,
  proof: NodeProof,
  others: Iterable<Node | undefined>,
): Refused | undefined {
  if (node === undefined) return undefined;
  let of = 0;
  for (const other of others) if (other?.id === node.id) of += 1;
  return (
    notItself(proof, node) ??
    (of >= mostStreamsOfNode
      ? { code: status.RESOURCE_EXHAUSTED, message: tooManyOfNode }
      : undefined)
  );
}

/** Why a node is not the one that it has proved to be; undefined where it is. */
export function notItself(proof: NodeProof, { id, cluster, proxyless }: Node): Refused | undefined {
  if (proof.kind === "owner") return undefined;
  // It would be told of every agent.
  if (proxyless) return { code: status.PERMISSION_DENIED, message: onlyHere };
  const { kind, name } = proof;
  const isIt =
    kind === "gateway"
      ? cluster === "gateway" && id === name
      : cluster === `agent/${name}` && id.startsWith(`${name}/`);
  if (isIt) return undefined;
  const message = `This join token is for the ${kind} "${name}" alone, and the node says that it is another one: start it by that name, or make a token for it with \`smartcall join\`.`;
  return { code: status.PERMISSION_DENIED, message };
}

const onlyHere =
  "A gRPC client without a proxy is served on the control plane's machine only, by its Unix socket or with the mesh's own join token; elsewhere call agents through a gateway.";
const tooMany = "Too many xDS streams are being opened at once; connect again in a moment.";
const tooManyOfNode =
  "This node has too many xDS streams; end some, or give each gateway an id of its own.";
