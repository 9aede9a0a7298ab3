// GENERATED CODE -- DO NOT EDIT!

// package: smartcall.v1
// file: smartcall/v1/lease.proto

import * as smartcall_v1_lease_pb from "../../smartcall/v1/lease_pb";
import * as grpc from "@grpc/grpc-js";

interface ILeaseServiceService extends grpc.ServiceDefinition<grpc.UntypedServiceImplementation> {
  hold: grpc.MethodDefinition<smartcall_v1_lease_pb.LeaseReport, smartcall_v1_lease_pb.LeaseNotice>;
}

export const LeaseServiceService: ILeaseServiceService;

export interface ILeaseServiceServer extends grpc.UntypedServiceImplementation {
  hold: grpc.handleBidiStreamingCall<smartcall_v1_lease_pb.LeaseReport, smartcall_v1_lease_pb.LeaseNotice>;
}

export class LeaseServiceClient extends grpc.Client {
  constructor(address: string, credentials: grpc.ChannelCredentials, options?: object);
  hold(metadataOrOptions?: grpc.Metadata | grpc.CallOptions | null): grpc.ClientDuplexStream<smartcall_v1_lease_pb.LeaseReport, smartcall_v1_lease_pb.LeaseNotice>;
  hold(metadata?: grpc.Metadata | null, options?: grpc.CallOptions | null): grpc.ClientDuplexStream<smartcall_v1_lease_pb.LeaseReport, smartcall_v1_lease_pb.LeaseNotice>;
}
