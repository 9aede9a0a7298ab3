// One JSON line for each call; never a query, never a token.

import { create } from "@bufbuild/protobuf";
import {
  type AccessLog,
  AccessLogSchema,
} from "@smartcall/envoy/api/envoy/config/accesslog/v3/accesslog_pb.js";
import { StdoutAccessLogSchema } from "@smartcall/envoy/api/envoy/extensions/access_loggers/stream/v3/stream_pb.js";
import { any } from "./message.ts";
import { ofRoute } from "./route-metadata.ts";

/** The calls that come to a gateway. */
export const accessLog: AccessLog = callLog("edge", {
  agent: ofRoute.agent,
  // Another than the one asked for, where the route says so.
  answeredBy: "%UPSTREAM_CLUSTER%",
});

/**
 * Writes to standard output, in the form of all our logs.
 *
 * @param name of the listener
 * @param whom the calls are for
 */
export function callLog(name: string, whom: Readonly<Record<string, string>>): AccessLog {
  return create(AccessLogSchema, {
    name: "stdout",
    configType: {
      case: "typedConfig",
      value: any(StdoutAccessLogSchema, {
        accessLogFormat: {
          case: "logFormat",
          value: {
            format: {
              case: "jsonFormat",
              value: {
                level: "info",
                time: "%START_TIME(%Y-%m-%dT%H:%M:%S.%3fZ)%",
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
              },
            },
            omitEmptyValues: true,
          },
        },
      }),
    },
  });
}
