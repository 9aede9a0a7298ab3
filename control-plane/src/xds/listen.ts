// Listening for gateways and agents, and for programs of this machine that call agents themselves.

import { chmodSync } from "node:fs";
import { type Server, ServerCredentials } from "@grpc/grpc-js";
import { type Address, claimSocket, formatAddress } from "@smartcall/runtime";

/** What became of listening: or one sentence that says why it cannot be. */
export type Listened = { readonly ok: true } | { readonly ok: false; readonly problem: string };

/** Lets a gRPC server listen in the clear, on loopback. */
export function listenForNodes(server: Server, address: Address): Promise<Listened> {
  return bind(server, formatAddress(address), "xDS and leases");
}

/** Lets a gRPC server listen on a Unix socket that only this user can open. */
export async function listenOnSocket(server: Server, path: string): Promise<Listened> {
  const claimed = await claimSocket(path);
  if (claimed !== "free") {
    return { ok: false, problem: `xDS cannot listen on ${path}: the path is ${claimed}.` };
  }
  const listened = await bind(server, `unix:${path}`, "xDS");
  if (listened.ok) chmodSync(path, 0o600);
  return listened;
}

function bind(server: Server, where: string, what: string): Promise<Listened> {
  return new Promise((resolve) => {
    server.bindAsync(where, ServerCredentials.createInsecure(), (error) => {
      if (error === null) {
        resolve({ ok: true });
        return;
      }
      resolve({ ok: false, problem: `${what} cannot listen on ${where}: ${error.message}.` });
    });
  });
}
