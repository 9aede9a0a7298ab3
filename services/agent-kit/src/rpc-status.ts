// A failure on the wire: google.rpc.Status with the standard details (AIP-193).

import { type StatusObject, status } from "@grpc/grpc-js";
import {
  againCodes,
  anyPb,
  durationPb,
  errorDetailsPb,
  type Fault,
  faultOfCode,
  reasonRow,
  saidStatus,
  statusPb,
  type Violation,
} from "@smartcall/protos";
import type { AgentError } from "./agent-error.ts";
import type { Usage } from "./pieces.ts";
import { usageMetadata } from "./usage-trailer.ts";
import { wellFormed } from "./well-formed.ts";

const domain = "smartcall";
/** The message becomes a header, and those are bounded everywhere. */
const longestMessage = 1000;

/** The status as a last event carries it. Always has an ErrorInfo with the request's id. */
export function toRpcStatus(error: AgentError, requestId: string): statusPb.Status {
  const rpc = new statusPb.Status();
  rpc.setCode(status[error.code]);
  rpc.setMessage(wellFormed(error.message).slice(0, longestMessage));
  rpc.addDetails(pack(errorInfo(error, requestId), "google.rpc.ErrorInfo"));
  const { retryAfterMs, violations } = error.details;
  if (retryAfterMs !== undefined)
    rpc.addDetails(pack(retryInfo(retryAfterMs), "google.rpc.RetryInfo"));
  if (violations !== undefined)
    rpc.addDetails(pack(badRequest(violations), "google.rpc.BadRequest"));
  return rpc;
}

/** The status as grpc-js ends a call with it, and what the call used where that is known. */
export function toGrpcStatus(error: AgentError, requestId: string, usage?: Usage): StatusObject {
  const rpc = toRpcStatus(error, requestId);
  const metadata = usageMetadata(usage);
  metadata.set("grpc-status-details-bin", Buffer.from(rpc.serializeBinary()));
  const rule = error.details.metadata?.["rule"] ?? "";
  // As in the gateway's own refusals; what is no header stays in the details.
  if (/^[!-~]+$/.test(rule)) metadata.set("smartcall-rule", rule);
  return { code: rpc.getCode(), details: rpc.getMessage(), metadata };
}

/**
 * The same where nothing of an answer was sent: an instance that is full, or whose caller gave
 * too little time, is not to be taken for one that is ill.
 */
export function toFirstStatus(error: AgentError, requestId: string, usage?: Usage): StatusObject {
  const told = toGrpcStatus(error, requestId, usage);
  if (error.details.reason !== "AGENT_OVERLOADED" && error.code !== "DEADLINE_EXCEEDED")
    return told;
  const { details, metadata } = told;
  metadata.set(saidStatus.header, `${told.code}`);
  return { code: saidStatus.instead, details, metadata };
}

function errorInfo(error: AgentError, requestId: string): errorDetailsPb.ErrorInfo {
  const info = new errorDetailsPb.ErrorInfo();
  const reason = error.details.reason ?? error.code;
  info.setReason(reason);
  info.setDomain(domain);
  for (const [name, value] of Object.entries(error.details.metadata ?? {})) {
    info.getMetadataMap().set(name, wellFormed(value));
  }
  const facts = info.getMetadataMap();
  facts.set("requestId", requestId);
  facts.set("fault", faultOf(error, reason));
  facts.set("retry", mayRetry(error, reason) ? "yes" : "no");
  return info;
}

function faultOf({ code, details }: AgentError, reason: string): Fault {
  return details.fault ?? reasonRow(reason)?.fault ?? faultOfCode[code];
}

function mayRetry({ code, details }: AgentError, reason: string): boolean {
  const { retry, retryAfterMs } = details;
  if (retry !== undefined) return retry;
  if (retryAfterMs !== undefined) return true;
  return (reasonRow(reason)?.retry ?? (againCodes.has(code) ? "yes" : "no")) === "yes";
}

function retryInfo(ms: number): errorDetailsPb.RetryInfo {
  const delay = new durationPb.Duration();
  delay.setSeconds(Math.trunc(ms / 1000));
  delay.setNanos(Math.round((ms % 1000) * 1e6));
  const info = new errorDetailsPb.RetryInfo();
  info.setRetryDelay(delay);
  return info;
}

function badRequest(violations: readonly Violation[]): errorDetailsPb.BadRequest {
  const bad = new errorDetailsPb.BadRequest();
  for (const { path, problem } of violations) {
    const violation = new errorDetailsPb.BadRequest.FieldViolation();
    violation.setField(path);
    violation.setDescription(problem);
    bad.addFieldViolations(violation);
  }
  return bad;
}

function pack(message: { serializeBinary(): Uint8Array }, type: string): anyPb.Any {
  const any = new anyPb.Any();
  any.pack(message.serializeBinary(), type);
  return any;
}
