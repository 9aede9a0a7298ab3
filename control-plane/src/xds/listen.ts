// Listening for gateways and agents.

import { type Server, ServerCredentials } from "@grpc/grpc-js";
import { type Address, formatAddress } from "@smartcall/runtime";

/** Lets a gRPC server listen in the clear, on loopback; or one sentence that says why it cannot. */
export function listenForNodes(
  server: Server,
  address: Address,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly problem: string }> {
  const where = formatAddress(address);
  return new Promise((resolve) => {
    server.bindAsync(where, ServerCredentials.createInsecure(), (error) => {
      if (error === null) {
        resolve({ ok: true });
        return;
      }
      const problem = `xDS and leases cannot listen on ${where}: ${error.message}.`;
      resolve({ ok: false, problem });
    });
  });
}
