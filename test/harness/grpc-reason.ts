// Reads the reason of an error that came by native gRPC.

import { fromBinary } from "@bufbuild/protobuf";
import { anyUnpack } from "@bufbuild/protobuf/wkt";
import type { ServiceError } from "@grpc/grpc-js";
import { ErrorInfoSchema } from "@smartcall/envoy/api/google/rpc/error_details_pb.js";
import { StatusSchema } from "@smartcall/envoy/api/google/rpc/status_pb.js";

/** The reason in its ErrorInfo; undefined where it has none. */
export function reasonOf(error: Pick<ServiceError, "metadata">): string | undefined {
  const [bytes] = error.metadata.get("grpc-status-details-bin");
  if (!(bytes instanceof Buffer)) return undefined;
  const [detail] = fromBinary(StatusSchema, bytes).details;
  return detail === undefined ? undefined : anyUnpack(detail, ErrorInfoSchema)?.reason;
}
