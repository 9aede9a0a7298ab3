// `smartcall.v1.AgentService` for grpc-js: its definition and its client.

import {
  type CallOptions,
  Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  type ClientUnaryCall,
  Metadata,
  type requestCallback,
} from "@grpc/grpc-js";
import { agentPb } from "./messages.ts";
import { codecOf, method } from "./method.ts";

const invokeRequest = codecOf(agentPb.InvokeRequest);
const streamEvent = codecOf(agentPb.StreamEvent);

/** The service as `Server.addService` takes it. */
export const agentService = {
  invoke: method(
    "/smartcall.v1.AgentService/Invoke",
    invokeRequest,
    codecOf(agentPb.InvokeResponse),
    { request: false, response: false },
  ),
  stream: method("/smartcall.v1.AgentService/Stream", invokeRequest, streamEvent, {
    request: false,
    response: true,
  }),
  converse: method(
    "/smartcall.v1.AgentService/Converse",
    codecOf(agentPb.ConverseRequest),
    streamEvent,
    { request: true, response: true },
  ),
} as const;

/** Calls agents. Through the mesh, the metadata key `smartcall-agent` says which. */
export class AgentServiceClient extends Client {
  /** Asks for one whole answer. */
  invoke(
    request: agentPb.InvokeRequest,
    metadata: Metadata,
    options: CallOptions,
    callback: requestCallback<agentPb.InvokeResponse>,
  ): ClientUnaryCall {
    const { path, requestSerialize, responseDeserialize } = agentService.invoke;
    return this.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      options,
      callback,
    );
  }

  /** Asks for an answer event by event; one without a last event is broken. */
  stream(
    request: agentPb.InvokeRequest,
    metadata: Metadata = new Metadata(),
    options: CallOptions = {},
  ): ClientReadableStream<agentPb.StreamEvent> {
    const { path, requestSerialize, responseDeserialize } = agentService.stream;
    return this.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      options,
    );
  }

  /** Opens a conversation. */
  converse(
    metadata: Metadata = new Metadata(),
    options: CallOptions = {},
  ): ClientDuplexStream<agentPb.ConverseRequest, agentPb.StreamEvent> {
    const { path, requestSerialize, responseDeserialize } = agentService.converse;
    return this.makeBidiStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      metadata,
      options,
    );
  }
}
