// `smartcall.v1.QuotaPolicyService` and `QuotaService` for grpc-js: definitions and clients.

import {
  type CallOptions,
  Client,
  type ClientReadableStream,
  type ClientUnaryCall,
  Metadata,
  type MethodDefinition,
  type requestCallback,
} from "@grpc/grpc-js";
import { quotaPb } from "./messages.ts";
import { type Codec, codecOf, method, strictCodecOf } from "./method.ts";

const account = codecOf(quotaPb.Account);

/** What the control plane serves, as `Server.addService` takes it. */
export const quotaPolicyService = {
  watchPolicies: method(
    "/smartcall.v1.QuotaPolicyService/WatchPolicies",
    strictCodecOf(quotaPb.WatchPoliciesRequest, "smartcall.v1.WatchPoliciesRequest"),
    codecOf(quotaPb.QuotaPolicies),
    { request: false, response: true },
  ),
} as const;

/** What the quota service serves to operators, as `Server.addService` takes it. */
export const quotaService = {
  list: unary(
    "List",
    strictCodecOf(quotaPb.ListAccountsRequest, "smartcall.v1.ListAccountsRequest"),
    codecOf(quotaPb.ListAccountsResponse),
  ),
  set: unary(
    "Set",
    strictCodecOf(quotaPb.SetAccountRequest, "smartcall.v1.SetAccountRequest"),
    account,
  ),
  raise: unary(
    "Raise",
    strictCodecOf(quotaPb.RaiseAccountRequest, "smartcall.v1.RaiseAccountRequest"),
    account,
  ),
  reset: unary(
    "Reset",
    strictCodecOf(quotaPb.ResetAccountRequest, "smartcall.v1.ResetAccountRequest"),
    account,
  ),
  health: unary(
    "Health",
    strictCodecOf(quotaPb.QuotaHealthRequest, "smartcall.v1.QuotaHealthRequest"),
    codecOf(quotaPb.QuotaHealth),
  ),
} as const;

/** Hears of policies from a control plane. */
export class QuotaPolicyServiceClient extends Client {
  /** All policies at once, and again whenever one has changed. */
  watchPolicies(
    metadata: Metadata = new Metadata(),
    options: CallOptions = {},
  ): ClientReadableStream<quotaPb.QuotaPolicies> {
    const { path, requestSerialize, responseDeserialize } = quotaPolicyService.watchPolicies;
    const request = new quotaPb.WatchPoliciesRequest();
    return this.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      options,
    );
  }
}

/** Sees and changes what callers used, at a quota service. */
export class QuotaServiceClient extends Client {
  list(
    request: quotaPb.ListAccountsRequest,
    options: CallOptions,
    callback: requestCallback<quotaPb.ListAccountsResponse>,
  ): ClientUnaryCall {
    return this.#ask(quotaService.list, request, options, callback);
  }

  set(
    request: quotaPb.SetAccountRequest,
    options: CallOptions,
    callback: requestCallback<quotaPb.Account>,
  ): ClientUnaryCall {
    return this.#ask(quotaService.set, request, options, callback);
  }

  raise(
    request: quotaPb.RaiseAccountRequest,
    options: CallOptions,
    callback: requestCallback<quotaPb.Account>,
  ): ClientUnaryCall {
    return this.#ask(quotaService.raise, request, options, callback);
  }

  reset(
    request: quotaPb.ResetAccountRequest,
    options: CallOptions,
    callback: requestCallback<quotaPb.Account>,
  ): ClientUnaryCall {
    return this.#ask(quotaService.reset, request, options, callback);
  }

  health(options: CallOptions, callback: requestCallback<quotaPb.QuotaHealth>): ClientUnaryCall {
    return this.#ask(quotaService.health, new quotaPb.QuotaHealthRequest(), options, callback);
  }

  #ask<Request, Response>(
    { path, requestSerialize, responseDeserialize }: MethodDefinition<Request, Response>,
    request: Request,
    options: CallOptions,
    callback: requestCallback<Response>,
  ): ClientUnaryCall {
    return this.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      new Metadata(),
      options,
      callback,
    );
  }
}

function unary<Request, Response>(
  name: string,
  request: Codec<Request>,
  response: Codec<Response>,
): MethodDefinition<Request, Response> {
  return method(`/smartcall.v1.QuotaService/${name}`, request, response, {
    request: false,
    response: false,
  });
}
