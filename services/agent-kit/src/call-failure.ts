// Why a call by gRPC failed, for those who called.

import type { ServiceError } from "@grpc/grpc-js";
import statusPb from "@smartcall/protos/gen/google/rpc/status_pb.js";
import { saidStatus } from "@smartcall/protos/said-status";
import { AgentError, type ErrorDetails } from "./agent-error.ts";
import { codeOf, fromRpcStatus } from "./read-status.ts";

/**
 * Reads what a call ended with: code, message, reason, fault, and whether to call
 * again. The details of the gateway's own refusals are fixed, so the rule
 * (`metadata.rule`), the request's id (`metadata.requestId`) and the time to wait
 * are also looked for in the metadata beside them.
 */
export function callFailure(error: ServiceError): AgentError {
  const said = detailsOf(error);
  const text = (key: string): string | undefined => {
    const [value] = error.metadata.get(key);
    return typeof value === "string" ? value : undefined;
  };
  const rule = text("smartcall-rule");
  const requestId = text("x-request-id");
  const seconds = Number(text("retry-after") ?? Number.NaN);
  // No gateway is between: an instance that is full, or was given too little time, says so here.
  const code = Number(text(saidStatus.header) ?? error.code);
  return new AgentError(codeOf(code), error.details, {
    ...said,
    ...(said.retryAfterMs === undefined && seconds >= 0 && { retryAfterMs: seconds * 1000 }),
    metadata: {
      ...(rule !== undefined && { rule }),
      ...(requestId !== undefined && { requestId }),
      ...said.metadata,
    },
  });
}

/** Nothing where there are none, or none that can be read. */
function detailsOf({ metadata }: ServiceError): ErrorDetails {
  const [bytes] = metadata.get("grpc-status-details-bin");
  if (!Buffer.isBuffer(bytes)) return {};
  try {
    return fromRpcStatus(statusPb.Status.deserializeBinary(bytes)).details;
  } catch {
    return {};
  }
}
