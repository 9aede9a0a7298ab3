// `smartcall.v1.DirectoryService` for grpc-js: its definition.

import { directoryPb, httpBodyPb } from "./messages.ts";
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
