// Listening for gateways and operators, on a Unix socket or on loopback.

import { chmodSync, existsSync, mkdirSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { dirname } from "node:path";
import { type Server, ServerCredentials } from "@grpc/grpc-js";
import { formatAddress, type LocalEndpoint } from "@smartcall/runtime";

/** As it is written in settings. */
export function endpointText(endpoint: LocalEndpoint): string {
  return endpoint.kind === "socket" ? endpoint.path : formatAddress(endpoint);
}

/**
 * Binds the server; or one sentence that says why it cannot. A socket that
 * nobody listens on is what a killed process left, and is replaced.
 */
export async function listen(
  server: Server,
  endpoint: LocalEndpoint,
): Promise<{ readonly ok: true } | { readonly ok: false; readonly problem: string }> {
  const where = endpointText(endpoint);
  if (endpoint.kind === "socket") {
    mkdirSync(dirname(endpoint.path), { recursive: true, mode: 0o700 });
    if (existsSync(endpoint.path)) {
      if (await isListenedOn(endpoint.path)) {
        return { ok: false, problem: `Another process listens on ${where} already.` };
      }
      rmSync(endpoint.path, { force: true });
    }
  }
  return new Promise((resolve) => {
    const address = endpoint.kind === "socket" ? `unix:${endpoint.path}` : where;
    server.bindAsync(address, ServerCredentials.createInsecure(), (error) => {
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
