// The failure that a google.rpc.Status with the standard details (AIP-193) speaks of.

import { canonicalCodes, faults } from "@smartcall/protos/codes";
import errorDetailsPb from "@smartcall/protos/gen/google/rpc/error_details_pb.js";
import type statusPb from "@smartcall/protos/gen/google/rpc/status_pb.js";
import { AgentError, type ErrorCode, type ErrorDetails } from "./agent-error.ts";

/** The failure a status speaks of; what it does not know of the details is left out. */
export function fromRpcStatus(rpc: statusPb.Status): AgentError {
  const details: { -readonly [K in keyof ErrorDetails]: ErrorDetails[K] } = {};
  for (const any of rpc.getDetailsList()) {
    const info = any.unpack(errorDetailsPb.ErrorInfo.deserializeBinary, "google.rpc.ErrorInfo");
    if (info !== null) {
      details.reason = info.getReason();
      const { fault, retry, ...others } = Object.fromEntries(info.getMetadataMap().toArray());
      details.metadata = others;
      const known = faults.find((each) => each === fault);
      if (known !== undefined) details.fault = known;
      if (retry !== undefined) details.retry = retry === "yes";
    }
    const retry = any.unpack(errorDetailsPb.RetryInfo.deserializeBinary, "google.rpc.RetryInfo");
    const delay = retry?.getRetryDelay();
    if (delay !== undefined) {
      details.retryAfterMs = delay.getSeconds() * 1000 + delay.getNanos() / 1e6;
    }
    const bad = any.unpack(errorDetailsPb.BadRequest.deserializeBinary, "google.rpc.BadRequest");
    if (bad !== null) {
      details.violations = bad
        .getFieldViolationsList()
        .map((found) => ({ path: found.getField(), problem: found.getDescription() }));
    }
  }
  return new AgentError(codeOf(rpc.getCode()), rpc.getMessage(), details);
}

/** The name of a code; UNKNOWN where it has none. */
export function codeOf(number: number): ErrorCode {
  const found = Object.entries(canonicalCodes).find(([, each]) => each === number)?.[0];
  return isErrorCode(found) ? found : "UNKNOWN";
}

function isErrorCode(name: string | undefined): name is ErrorCode {
  return name !== undefined && Object.hasOwn(canonicalCodes, name);
}
