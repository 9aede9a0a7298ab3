// GENERATED CODE -- DO NOT EDIT!

// package: smartcall.v1
// file: smartcall/v1/agent.proto

import * as smartcall_v1_agent_pb from "../../smartcall/v1/agent_pb";
import * as grpc from "@grpc/grpc-js";

interface IAgentServiceService extends grpc.ServiceDefinition<grpc.UntypedServiceImplementation> {
  invoke: grpc.MethodDefinition<smartcall_v1_agent_pb.InvokeRequest, smartcall_v1_agent_pb.InvokeResponse>;
  stream: grpc.MethodDefinition<smartcall_v1_agent_pb.InvokeRequest, smartcall_v1_agent_pb.StreamEvent>;
  converse: grpc.MethodDefinition<smartcall_v1_agent_pb.ConverseRequest, smartcall_v1_agent_pb.StreamEvent>;
}

export const AgentServiceService: IAgentServiceService;

export interface IAgentServiceServer extends grpc.UntypedServiceImplementation {
  invoke: grpc.handleUnaryCall<smartcall_v1_agent_pb.InvokeRequest, smartcall_v1_agent_pb.InvokeResponse>;
  stream: grpc.handleServerStreamingCall<smartcall_v1_agent_pb.InvokeRequest, smartcall_v1_agent_pb.StreamEvent>;
  converse: grpc.handleBidiStreamingCall<smartcall_v1_agent_pb.ConverseRequest, smartcall_v1_agent_pb.StreamEvent>;
}

export class AgentServiceClient extends grpc.Client {
  constructor(address: string, credentials: grpc.ChannelCredentials, options?: object);
  invoke(argument: smartcall_v1_agent_pb.InvokeRequest, callback: grpc.requestCallback<smartcall_v1_agent_pb.InvokeResponse>): grpc.ClientUnaryCall;
  invoke(argument: smartcall_v1_agent_pb.InvokeRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_agent_pb.InvokeResponse>): grpc.ClientUnaryCall;
  invoke(argument: smartcall_v1_agent_pb.InvokeRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_agent_pb.InvokeResponse>): grpc.ClientUnaryCall;
  stream(argument: smartcall_v1_agent_pb.InvokeRequest, metadataOrOptions?: grpc.Metadata | grpc.CallOptions | null): grpc.ClientReadableStream<smartcall_v1_agent_pb.StreamEvent>;
  stream(argument: smartcall_v1_agent_pb.InvokeRequest, metadata?: grpc.Metadata | null, options?: grpc.CallOptions | null): grpc.ClientReadableStream<smartcall_v1_agent_pb.StreamEvent>;
  converse(metadataOrOptions?: grpc.Metadata | grpc.CallOptions | null): grpc.ClientDuplexStream<smartcall_v1_agent_pb.ConverseRequest, smartcall_v1_agent_pb.StreamEvent>;
  converse(metadata?: grpc.Metadata | null, options?: grpc.CallOptions | null): grpc.ClientDuplexStream<smartcall_v1_agent_pb.ConverseRequest, smartcall_v1_agent_pb.StreamEvent>;
}
