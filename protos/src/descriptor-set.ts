// The contract as data.

import { readFileSync } from "node:fs";

/**
 * The contract as a serialized `google.protobuf.FileDescriptorSet`, with all it
 * imports and with google/rpc's status and error details. Read anew each time.
 */
export function descriptorSet(): Uint8Array {
  return new Uint8Array(readFileSync(new URL("../gen/smartcall.binpb", import.meta.url)));
}

/**
 * Our own protos of it, and google/rpc's status, once more and with their comments: a
 * serialized `google.protobuf.FileDescriptorSet`, without what they import.
 */
export function commentSet(): Uint8Array {
  return new Uint8Array(readFileSync(new URL("../gen/comments.binpb", import.meta.url)));
}
