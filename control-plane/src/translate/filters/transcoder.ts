// REST to gRPC and back: nothing in the listener, the whole contract on each REST route.

import type { Any } from "@bufbuild/protobuf/wkt";
import {
  GrpcJsonTranscoder_UrlUnescapeSpec,
  GrpcJsonTranscoderSchema,
} from "@smartcall/envoy/api/envoy/extensions/filters/http/grpc_json_transcoder/v3/transcoder_pb.js";
import { any } from "../message.ts";
import { names } from "../names.ts";

/** In the listener, and on a route whose requests are not translated: lets everything pass. */
export const transcoderOff = any(GrpcJsonTranscoderSchema, {
  descriptorSet: { case: "protoDescriptorBin", value: new Uint8Array() },
});

/**
 * On the table of routes: the contract, which all agents share, or one agent's with its own
 * services beside it.
 *
 * @param contract a FileDescriptorSet that holds `smartcall.v1.AgentService`
 *   and, for the details of errors, `google/rpc/status.proto` and
 *   `error_details.proto`
 * @param own full names of services in it besides
 */
export function transcoder(contract: Uint8Array, own: readonly string[] = []): Any {
  return any(GrpcJsonTranscoderSchema, {
    descriptorSet: { case: "protoDescriptorBin", value: contract },
    services: [names.service, ...own],
    // Otherwise routing happens on the gRPC path, and rules on the REST path are lost.
    matchIncomingRequestRoute: true,
    convertGrpcStatus: true,
    printOptions: { streamNewlineDelimited: true, streamSseStyleDelimited: true },
    urlUnescapeSpec: GrpcJsonTranscoder_UrlUnescapeSpec.ALL_CHARACTERS,
    requestValidationOptions: {
      rejectUnknownMethod: true,
      rejectUnknownQueryParameters: true,
      rejectBindingBodyFieldCollisions: true,
    },
  });
}
