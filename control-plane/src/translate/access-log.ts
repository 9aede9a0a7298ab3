// One JSON line for each call; never a query, never a token.

import { create } from "@bufbuild/protobuf";
import {
  type AccessLog,
  type AccessLogFilter,
  AccessLogSchema,
} from "@smartcall/envoy/api/envoy/config/accesslog/v3/accesslog_pb.js";
import { StdoutAccessLogSchema } from "@smartcall/envoy/api/envoy/extensions/access_loggers/stream/v3/stream_pb.js";
import { any } from "./message.ts";
import { names } from "./names.ts";
import { ofRoute } from "./route-metadata.ts";

/** The calls that come to a gateway. */
export const accessLog: AccessLog = gatewayLog("edge");

/** The same of another listener of a gateway. */
export function gatewayLog(name: string): AccessLog {
  return callLog(name, {
    agent: ofRoute.agent,
    // Another than the one asked for, where the route says so.
    answeredBy: "%UPSTREAM_CLUSTER%",
  });
}

/**
 * Writes to standard output, in the form of all our logs.
 *
 * @param name of the listener
 * @param whom the calls are for
 */
export function callLog(name: string, whom: Readonly<Record<string, string>>): AccessLog {
  return logLine({
    level: "info",
    time: startTime(),
    name,
    msg: "call",
    requestId: "%REQ(x-request-id)%",
    traceparent: "%REQ(traceparent)%",
    method: "%REQ(:method)%",
    path: "%PATH(NQ:ORIG_OR_PATH)%",
    ...whom,
    route: "%ROUTE_NAME%",
    status: "%RESPONSE_CODE%",
    grpcStatus: "%GRPC_STATUS_NUMBER%",
    durationMs: "%DURATION%",
    bytesReceived: "%BYTES_RECEIVED%",
    bytesSent: "%BYTES_SENT%",
    flags: "%RESPONSE_FLAGS%",
    details: "%RESPONSE_CODE_DETAILS%",
    upstream: "%UPSTREAM_HOST%",
  });
}

/**
 * Writes of calls between agents those that failed: the others are in the logs of the agents
 * that answered.
 *
 * @param whom who called, and who was called
 */
export function failureLog(
  name: string,
  whom: { readonly from: string; readonly to: string },
  fits: AccessLogFilter,
): AccessLog {
  return logLine(
    {
      level: "warn",
      time: startTime(),
      name,
      msg: "call failed",
      requestId: "%REQ(x-request-id)%",
      traceparent: "%REQ(traceparent)%",
      ...whom,
      via: `%REQ(${names.viaHeader})%`,
      path: "%PATH(NQ:PATH)%",
      route: "%ROUTE_NAME%",
      reason: `%RESP(${names.reasonHeader})%`,
      rule: `%RESP(${names.ruleHeader})%`,
      grpcStatus: "%GRPC_STATUS_NUMBER%",
      durationMs: "%DURATION%",
      flags: "%RESPONSE_FLAGS%",
      details: "%RESPONSE_CODE_DETAILS%",
      upstream: "%UPSTREAM_HOST%",
    },
    fits,
  );
}

function logLine(line: Readonly<Record<string, string>>, filter?: AccessLogFilter): AccessLog {
  return create(AccessLogSchema, {
    name: "stdout",
    ...(filter && { filter }),
    configType: {
      case: "typedConfig",
      value: any(StdoutAccessLogSchema, {
        accessLogFormat: {
          case: "logFormat",
          value: {
            format: { case: "jsonFormat", value: { ...line } },
            omitEmptyValues: true,
          },
        },
      }),
    },
  });
}

function startTime(): string {
  return "%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%";
}
