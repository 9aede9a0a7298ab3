// Listening for gateways and operators, on a Unix socket or on loopback.

import { chmodSync } from "node:fs";
import { type Server, ServerCredentials } from "@grpc/grpc-js";
import {
  claimSocket,
  formatEndpoint,
  grpcTarget,
  type LocalEndpoint,
  longestSocketPath,
} from "@smartcall/runtime";

/**
 * Binds the server; or one sentence that says why it cannot. A socket that
 * nobody listens on is what a killed process left, and is replaced.
 */
export async function listen(
  server: Server,
  endpoint: LocalEndpoint,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly problem: string }> {
  const where = formatEndpoint(endpoint);
  if (endpoint.kind === "socket") {
    const claimed = await claimSocket(endpoint.path);
    if (claimed === "too long") {
      const problem = `${where} is too long for a socket, which may have ${longestSocketPath} bytes: set SMARTCALL_QUOTA to a shorter one, or to an address on loopback.`;
      return { ok: false, problem };
    }
    if (claimed === "in use") {
      return { ok: false, problem: `Another process listens on ${where} already.` };
    }
  }
  return new Promise((resolve) => {
    server.bindAsync(grpcTarget(endpoint), ServerCredentials.createInsecure(), (error) => {
      if (error !== null) {
        resolve({ ok: false, problem: `It cannot listen on ${where}: ${error.message}.` });
        return;
      }
      // The file system says who may call.
      if (endpoint.kind === "socket") chmodSync(endpoint.path, 0o600);
      resolve({ ok: true });
    });
  });
}
