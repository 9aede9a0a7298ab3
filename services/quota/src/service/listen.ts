// Listening for gateways and operators, on a Unix socket or on loopback.

import { chmodSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname } from "node:path";
import { type Server, ServerCredentials } from "@grpc/grpc-js";
import { formatEndpoint, grpcTarget, type LocalEndpoint } from "@smartcall/runtime";

/** The longest path of a socket that Linux takes, in bytes. */
const longestPath = 107;

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
    if (Buffer.byteLength(where) > longestPath) {
      const problem = `${where} is too long for a socket, which may have ${longestPath} bytes: set SMARTCALL_QUOTA to a shorter one, or to an address on loopback.`;
      return { ok: false, problem };
    }
    mkdirSync(dirname(endpoint.path), { recursive: true, mode: 0o700 });
    if (existsSync(endpoint.path)) {
      if (await isListenedOn(endpoint.path)) {
        return { ok: false, problem: `Another process listens on ${where} already.` };
      }
      rmSync(endpoint.path, { force: true });
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

function isListenedOn(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(path);
    const say = (answer: boolean) => (): void => {
      connection.destroy();
      resolve(answer);
    };
    connection.once("connect", say(true));
    connection.once("error", say(false));
  });
}
