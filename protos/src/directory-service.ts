// `smartcall.v1.DirectoryService` for grpc-js: its definition and its client.

import { Client, type ClientUnaryCall, type Metadata, type requestCallback } from "@grpc/grpc-js";
import httpBodyPb from "../gen/google/api/httpbody_pb.js";
import directoryPb from "../gen/smartcall/v1/directory_pb.js";
import { codecOf, method, strictCodecOf } from "./method.ts";

const service = "smartcall.v1.DirectoryService";
const once = { request: false, response: false } as const;
const inParts = { request: false, response: true } as const;
const body = codecOf(httpBodyPb.HttpBody);

/** The service as `Server.addService` takes it. */
export const directoryService = {
  listAgents: method(
    `/${service}/ListAgents`,
    strictCodecOf(directoryPb.ListAgentsRequest, "smartcall.v1.ListAgentsRequest"),
    codecOf(directoryPb.ListAgentsResponse),
    once,
  ),
  getAgent: method(
    `/${service}/GetAgent`,
    strictCodecOf(directoryPb.GetAgentRequest, "smartcall.v1.GetAgentRequest"),
    codecOf(directoryPb.Agent),
    once,
  ),
  getOpenApi: method(
    `/${service}/GetOpenApi`,
    strictCodecOf(directoryPb.GetOpenApiRequest, "smartcall.v1.GetOpenApiRequest"),
    body,
    inParts,
  ),
  getDocs: method(
    `/${service}/GetDocs`,
    strictCodecOf(directoryPb.GetDocsRequest, "smartcall.v1.GetDocsRequest"),
    body,
    inParts,
  ),
} as const;

/** Asks the directory for agents; what it has for readers is fetched by HTTP. */
export class DirectoryServiceClient extends Client {
  /** Lists the agents that the caller may call. */
  listAgents(
    request: directoryPb.ListAgentsRequest,
    metadata: Metadata,
    callback: requestCallback<directoryPb.ListAgentsResponse>,
  ): ClientUnaryCall {
    const { path, requestSerialize, responseDeserialize } = directoryService.listAgents;
    return this.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      callback,
    );
  }

  /** Tells of one of them. */
  getAgent(
    request: directoryPb.GetAgentRequest,
    metadata: Metadata,
    callback: requestCallback<directoryPb.Agent>,
  ): ClientUnaryCall {
    const { path, requestSerialize, responseDeserialize } = directoryService.getAgent;
    return this.makeUnaryRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadata,
      callback,
    );
  }
}
