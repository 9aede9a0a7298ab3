// The generated message modules, each under one name, values and types alike.
//
// Always the default import: named imports of these CommonJS files compile and
// then fail when they are loaded.

export { default as anyPb } from "google-protobuf/google/protobuf/any_pb.js";
export { default as durationPb } from "google-protobuf/google/protobuf/duration_pb.js";
export { default as structPb } from "google-protobuf/google/protobuf/struct_pb.js";
export { default as timestampPb } from "google-protobuf/google/protobuf/timestamp_pb.js";
export { default as httpBodyPb } from "../gen/google/api/httpbody_pb.js";
export { default as codePb } from "../gen/google/rpc/code_pb.js";
export { default as errorDetailsPb } from "../gen/google/rpc/error_details_pb.js";
export { default as statusPb } from "../gen/google/rpc/status_pb.js";
export { default as agentPb } from "../gen/smartcall/v1/agent_pb.js";
export { default as directoryPb } from "../gen/smartcall/v1/directory_pb.js";
export { default as leasePb } from "../gen/smartcall/v1/lease_pb.js";
export { default as quotaPb } from "../gen/smartcall/v1/quota_pb.js";
