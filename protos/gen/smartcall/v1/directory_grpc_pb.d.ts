// GENERATED CODE -- DO NOT EDIT!

// package: smartcall.v1
// file: smartcall/v1/directory.proto

import * as smartcall_v1_directory_pb from "../../smartcall/v1/directory_pb";
import * as google_api_httpbody_pb from "../../google/api/httpbody_pb";
import * as grpc from "@grpc/grpc-js";

interface IDirectoryServiceService extends grpc.ServiceDefinition<grpc.UntypedServiceImplementation> {
  listAgents: grpc.MethodDefinition<smartcall_v1_directory_pb.ListAgentsRequest, smartcall_v1_directory_pb.ListAgentsResponse>;
  getAgent: grpc.MethodDefinition<smartcall_v1_directory_pb.GetAgentRequest, smartcall_v1_directory_pb.Agent>;
  getOpenApi: grpc.MethodDefinition<smartcall_v1_directory_pb.GetOpenApiRequest, google_api_httpbody_pb.HttpBody>;
  getDocs: grpc.MethodDefinition<smartcall_v1_directory_pb.GetDocsRequest, google_api_httpbody_pb.HttpBody>;
}

export const DirectoryServiceService: IDirectoryServiceService;

export interface IDirectoryServiceServer extends grpc.UntypedServiceImplementation {
  listAgents: grpc.handleUnaryCall<smartcall_v1_directory_pb.ListAgentsRequest, smartcall_v1_directory_pb.ListAgentsResponse>;
  getAgent: grpc.handleUnaryCall<smartcall_v1_directory_pb.GetAgentRequest, smartcall_v1_directory_pb.Agent>;
  getOpenApi: grpc.handleServerStreamingCall<smartcall_v1_directory_pb.GetOpenApiRequest, google_api_httpbody_pb.HttpBody>;
  getDocs: grpc.handleServerStreamingCall<smartcall_v1_directory_pb.GetDocsRequest, google_api_httpbody_pb.HttpBody>;
}

export class DirectoryServiceClient extends grpc.Client {
  constructor(address: string, credentials: grpc.ChannelCredentials, options?: object);
  listAgents(argument: smartcall_v1_directory_pb.ListAgentsRequest, callback: grpc.requestCallback<smartcall_v1_directory_pb.ListAgentsResponse>): grpc.ClientUnaryCall;
  listAgents(argument: smartcall_v1_directory_pb.ListAgentsRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_directory_pb.ListAgentsResponse>): grpc.ClientUnaryCall;
  listAgents(argument: smartcall_v1_directory_pb.ListAgentsRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_directory_pb.ListAgentsResponse>): grpc.ClientUnaryCall;
  getAgent(argument: smartcall_v1_directory_pb.GetAgentRequest, callback: grpc.requestCallback<smartcall_v1_directory_pb.Agent>): grpc.ClientUnaryCall;
  getAgent(argument: smartcall_v1_directory_pb.GetAgentRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_directory_pb.Agent>): grpc.ClientUnaryCall;
  getAgent(argument: smartcall_v1_directory_pb.GetAgentRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_directory_pb.Agent>): grpc.ClientUnaryCall;
  getOpenApi(argument: smartcall_v1_directory_pb.GetOpenApiRequest, metadataOrOptions?: grpc.Metadata | grpc.CallOptions | null): grpc.ClientReadableStream<google_api_httpbody_pb.HttpBody>;
  getOpenApi(argument: smartcall_v1_directory_pb.GetOpenApiRequest, metadata?: grpc.Metadata | null, options?: grpc.CallOptions | null): grpc.ClientReadableStream<google_api_httpbody_pb.HttpBody>;
  getDocs(argument: smartcall_v1_directory_pb.GetDocsRequest, metadataOrOptions?: grpc.Metadata | grpc.CallOptions | null): grpc.ClientReadableStream<google_api_httpbody_pb.HttpBody>;
  getDocs(argument: smartcall_v1_directory_pb.GetDocsRequest, metadata?: grpc.Metadata | null, options?: grpc.CallOptions | null): grpc.ClientReadableStream<google_api_httpbody_pb.HttpBody>;
}
