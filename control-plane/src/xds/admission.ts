// Who may open an xDS stream, and as which node.

import { type Metadata, status } from "@grpc/grpc-js";
import type { Joining, NodeProof } from "../state/index.ts";
import { type Allowance, admit, type ConnectRate } from "./connect-rate.ts";
import type { Node } from "./request.ts";

/** Why a stream ends, as gRPC says it. */
export interface Refused {
  readonly code: status;
  readonly message: string;
}

/** A stream that may open, and what its node has proved; or why it may not. */
export type Admission =
  | { readonly ok: true; readonly proof: NodeProof }
  | ({ readonly ok: false } & Refused);

/** What decides over streams that are to open. */
export interface AdmissionOptions {
  /** How fast streams may begin; 100 a second, 1,000 at once unless given. */
  readonly connectRate: ConnectRate | undefined;
  readonly now: () => number;
  /** Whether there are as many streams as there may be. */
  readonly full: () => boolean;
}

const defaultRate: ConnectRate = { perSecond: 100, burst: 1000 };

/** Counts the streams that open; strangers cannot use up what nodes of the mesh may. */
export function createAdmission(
  options: AdmissionOptions,
): (joined: (authorization: string | undefined) => Joining, metadata: Metadata) => Admission {
  let allowance: Allowance | undefined;
  return (joined, metadata) => {
    const joining = joined(metadata.get("authorization")[0]?.toString());
    if (!joining.ok) return { ok: false, code: status.UNAUTHENTICATED, message: joining.message };
    const rate = options.connectRate ?? defaultRate;
    const { admitted, next } = admit(rate, allowance, options.now());
    allowance = next;
    if (!admitted || options.full()) {
      return { ok: false, code: status.RESOURCE_EXHAUSTED, message: tooMany };
    }
    return joining;
  };
}

/** Why a node is not the one that it has proved to be; undefined where it is. */
export function notItself(proof: NodeProof, { id, cluster }: Node): Refused | undefined {
  if (proof.kind === "owner") return undefined;
  const { kind, name } = proof;
  const isIt =
    kind === "gateway"
      ? cluster === "gateway" && id === name
      : cluster === `agent/${name}` && id.startsWith(`${name}/`);
  if (isIt) return undefined;
  const message = `This join token is for the ${kind} "${name}" alone, and the node says that it is another one: start it by that name, or make a token for it with \`smartcall join\`.`;
  return { code: status.PERMISSION_DENIED, message };
}

const tooMany = "Too many xDS streams are being opened at once; connect again in a moment.";
