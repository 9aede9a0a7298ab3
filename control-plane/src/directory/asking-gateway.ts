// Which calls the directory answers: those of gateways, which say who their caller is.

import { Metadata, type ServiceError, status } from "@grpc/grpc-js";
import { canonicalCodes, reasons } from "@smartcall/protos";
import type { JoinedBy } from "../state/index.ts";
import { type Refusal, statusBytes } from "../translate/index.ts";
import { type Reader, readerOf } from "./reader.ts";

/** A caller, by what its gateway says; or why nothing is answered. */
export type Asking = { readonly reader: Reader } | ServiceError;

/**
 * Who asks. Only a gateway is believed what it says of its caller.
 *
 * @param peer where the connection comes from, as gRPC writes it
 */
export function askingBy(joinedBy: JoinedBy, metadata: Metadata, peer: string): Asking {
  const textOf = (key: string): string | undefined => metadata.get(key)[0]?.toString();
  const joining = joinedBy(textOf("authorization"), peer);
  if (!joining.ok) return failure(status[joining.code], joining.message);
  if (joining.proof.kind === "agent") return failure(status.PERMISSION_DENIED, noGateway);
  return { reader: readerOf(textOf("smartcall-claims")) };
}

/** Why a caller is not answered, told alike to what the edge itself refuses. */
export function refusal(refused: Refusal): ServiceError {
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(statusBytes(refused)));
  return failure(canonicalCodes[reasons[refused.reason].status], refused.message, metadata);
}

/** As grpc-js tells it; of a node that asks, and not of its caller, no reason is told. */
function failure(code: status, details: string, metadata = new Metadata()): ServiceError {
  return Object.assign(new Error(details), { code, details, metadata });
}

/** Whether nothing is answered. */
export function isRefusal(answer: unknown): answer is ServiceError {
  return answer instanceof Error;
}

const noGateway =
  "The directory answers gateways: this join token is for an agent. Ask the directory through the mesh's edge.";
