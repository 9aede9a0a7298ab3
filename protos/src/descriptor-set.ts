// The contract as data.

import { readFileSync } from "node:fs";

/**
 * The contract as a serialized `google.protobuf.FileDescriptorSet`, with all it
 * imports and with google/rpc's status and error details. Read anew each time.
 */
export function descriptorSet(): Uint8Array {
  return new Uint8Array(readFileSync(new URL("../gen/smartcall.binpb", import.meta.url)));
}
