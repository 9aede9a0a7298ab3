// GENERATED CODE -- DO NOT EDIT!

// package: smartcall.v1
// file: smartcall/v1/quota.proto

import * as smartcall_v1_quota_pb from "../../smartcall/v1/quota_pb";
import * as grpc from "@grpc/grpc-js";

interface IQuotaPolicyServiceService extends grpc.ServiceDefinition<grpc.UntypedServiceImplementation> {
  watchPolicies: grpc.MethodDefinition<smartcall_v1_quota_pb.WatchPoliciesRequest, smartcall_v1_quota_pb.QuotaPolicies>;
}

export const QuotaPolicyServiceService: IQuotaPolicyServiceService;

export interface IQuotaPolicyServiceServer extends grpc.UntypedServiceImplementation {
  watchPolicies: grpc.handleServerStreamingCall<smartcall_v1_quota_pb.WatchPoliciesRequest, smartcall_v1_quota_pb.QuotaPolicies>;
}

export class QuotaPolicyServiceClient extends grpc.Client {
  constructor(address: string, credentials: grpc.ChannelCredentials, options?: object);
  watchPolicies(argument: smartcall_v1_quota_pb.WatchPoliciesRequest, metadataOrOptions?: grpc.Metadata | grpc.CallOptions | null): grpc.ClientReadableStream<smartcall_v1_quota_pb.QuotaPolicies>;
  watchPolicies(argument: smartcall_v1_quota_pb.WatchPoliciesRequest, metadata?: grpc.Metadata | null, options?: grpc.CallOptions | null): grpc.ClientReadableStream<smartcall_v1_quota_pb.QuotaPolicies>;
}

interface IQuotaServiceService extends grpc.ServiceDefinition<grpc.UntypedServiceImplementation> {
  list: grpc.MethodDefinition<smartcall_v1_quota_pb.ListAccountsRequest, smartcall_v1_quota_pb.ListAccountsResponse>;
  set: grpc.MethodDefinition<smartcall_v1_quota_pb.SetAccountRequest, smartcall_v1_quota_pb.Account>;
  raise: grpc.MethodDefinition<smartcall_v1_quota_pb.RaiseAccountRequest, smartcall_v1_quota_pb.Account>;
  reset: grpc.MethodDefinition<smartcall_v1_quota_pb.ResetAccountRequest, smartcall_v1_quota_pb.Account>;
  health: grpc.MethodDefinition<smartcall_v1_quota_pb.QuotaHealthRequest, smartcall_v1_quota_pb.QuotaHealth>;
}

export const QuotaServiceService: IQuotaServiceService;

export interface IQuotaServiceServer extends grpc.UntypedServiceImplementation {
  list: grpc.handleUnaryCall<smartcall_v1_quota_pb.ListAccountsRequest, smartcall_v1_quota_pb.ListAccountsResponse>;
  set: grpc.handleUnaryCall<smartcall_v1_quota_pb.SetAccountRequest, smartcall_v1_quota_pb.Account>;
  raise: grpc.handleUnaryCall<smartcall_v1_quota_pb.RaiseAccountRequest, smartcall_v1_quota_pb.Account>;
  reset: grpc.handleUnaryCall<smartcall_v1_quota_pb.ResetAccountRequest, smartcall_v1_quota_pb.Account>;
  health: grpc.handleUnaryCall<smartcall_v1_quota_pb.QuotaHealthRequest, smartcall_v1_quota_pb.QuotaHealth>;
}

export class QuotaServiceClient extends grpc.Client {
  constructor(address: string, credentials: grpc.ChannelCredentials, options?: object);
  list(argument: smartcall_v1_quota_pb.ListAccountsRequest, callback: grpc.requestCallback<smartcall_v1_quota_pb.ListAccountsResponse>): grpc.ClientUnaryCall;
  list(argument: smartcall_v1_quota_pb.ListAccountsRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_quota_pb.ListAccountsResponse>): grpc.ClientUnaryCall;
  list(argument: smartcall_v1_quota_pb.ListAccountsRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_quota_pb.ListAccountsResponse>): grpc.ClientUnaryCall;
  set(argument: smartcall_v1_quota_pb.SetAccountRequest, callback: grpc.requestCallback<smartcall_v1_quota_pb.Account>): grpc.ClientUnaryCall;
  set(argument: smartcall_v1_quota_pb.SetAccountRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_quota_pb.Account>): grpc.ClientUnaryCall;
  set(argument: smartcall_v1_quota_pb.SetAccountRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_quota_pb.Account>): grpc.ClientUnaryCall;
  raise(argument: smartcall_v1_quota_pb.RaiseAccountRequest, callback: grpc.requestCallback<smartcall_v1_quota_pb.Account>): grpc.ClientUnaryCall;
  raise(argument: smartcall_v1_quota_pb.RaiseAccountRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_quota_pb.Account>): grpc.ClientUnaryCall;
  raise(argument: smartcall_v1_quota_pb.RaiseAccountRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_quota_pb.Account>): grpc.ClientUnaryCall;
  reset(argument: smartcall_v1_quota_pb.ResetAccountRequest, callback: grpc.requestCallback<smartcall_v1_quota_pb.Account>): grpc.ClientUnaryCall;
  reset(argument: smartcall_v1_quota_pb.ResetAccountRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_quota_pb.Account>): grpc.ClientUnaryCall;
  reset(argument: smartcall_v1_quota_pb.ResetAccountRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_quota_pb.Account>): grpc.ClientUnaryCall;
  health(argument: smartcall_v1_quota_pb.QuotaHealthRequest, callback: grpc.requestCallback<smartcall_v1_quota_pb.QuotaHealth>): grpc.ClientUnaryCall;
  health(argument: smartcall_v1_quota_pb.QuotaHealthRequest, metadataOrOptions: grpc.Metadata | grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_quota_pb.QuotaHealth>): grpc.ClientUnaryCall;
  health(argument: smartcall_v1_quota_pb.QuotaHealthRequest, metadata: grpc.Metadata | null, options: grpc.CallOptions | null, callback: grpc.requestCallback<smartcall_v1_quota_pb.QuotaHealth>): grpc.ClientUnaryCall;
}
