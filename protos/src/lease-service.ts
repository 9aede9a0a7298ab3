// `smartcall.v1.LeaseService` for grpc-js: its definition and its client.

import { type CallOptions, Client, type ClientDuplexStream, Metadata } from "@grpc/grpc-js";
import { leasePb } from "./messages.ts";
import { codecOf, method, strictCodecOf } from "./method.ts";

/** The service as `Server.addService` takes it. */
export const leaseService = {
  hold: method(
    "/smartcall.v1.LeaseService/Hold",
    strictCodecOf(leasePb.LeaseReport, "smartcall.v1.LeaseReport"),
    codecOf(leasePb.LeaseNotice),
    { request: true, response: true },
  ),
} as const;

/** Holds leases at a control plane. */
export class LeaseServiceClient extends Client {
  /** Opens a lease stream; its life is the lease. */
  hold(
    metadata: Metadata = new Metadata(),
    options: CallOptions = {},
  ): ClientDuplexStream<leasePb.LeaseReport, leasePb.LeaseNotice> {
    const { path, requestSerialize, responseDeserialize } = leaseService.hold;
    return this.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      metadata,
      options,
    );
  }
}
