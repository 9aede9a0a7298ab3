// What gRPC calls a header: less than what HTTP does. What is more makes grpc-js throw.

/** A name that gRPC takes, in lower case. */
export const grpcName = /^[0-9a-z_.-]+$/;

/** A value that gRPC takes, and that says something. */
export const grpcValue = /^[\x20-\x7e]+$/;
