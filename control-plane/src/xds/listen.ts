// Listening for gateways and agents, and for programs of this machine that call agents themselves.

import { chmodSync } from "node:fs";
import { experimental, type Server, ServerCredentials } from "@grpc/grpc-js";
import { type Address, claimSocket, formatAddress } from "@smartcall/runtime";

/** What became of listening: or one sentence that says why it cannot be. */
export type Listened = { readonly ok: true } | { readonly ok: false; readonly problem: string };

/** Lets a gRPC server listen in the clear, on loopback. */
export function listenForNodes(server: Server, address: Address): Promise<Listened> {
  return bind(server, formatAddress(address), "xDS and leases");
}

/** What a port shows over TLS, each time as it is at that moment: both PEM. */
export interface ShownCertificate {
  readonly certificateChain: string;
  readonly privateKey: string;
}

/** A port that listens over TLS. */
export interface SecurePort {
  /** From here on, new connections are shown this; those that are open stay. */
  renew(shown: ShownCertificate): void;
  /** Lets the server listen there. */
  listen(server: Server, address: Address): Promise<Listened>;
}

/** A port for nodes of other machines: TLS 1.2 or later, which is what Node takes by itself. */
export function securePort(first: ShownCertificate): SecurePort {
  const listeners = new Set<Parameters<Provider["addIdentityCertificateListener"]>[0]>();
  let shown = first;
  const update = () => ({
    certificate: Buffer.from(shown.certificateChain),
    privateKey: Buffer.from(shown.privateKey),
  });
  const provider: Provider = {
    addCaCertificateListener: () => undefined,
    removeCaCertificateListener: () => undefined,
    addIdentityCertificateListener(listener) {
      listeners.add(listener);
      // grpc-js only counts with what comes after it began to listen.
      queueMicrotask(() => listener(update()));
    },
    removeIdentityCertificateListener: (listener) => void listeners.delete(listener),
  };
  // The first is what is shown, whatever its type calls it; the second what clients must show.
  const { createCertificateProviderServerCredentials: credentialsBy } = experimental;
  return {
    renew(next) {
      shown = next;
      for (const listener of listeners) listener(update());
    },
    listen: (server, address) =>
      bind(server, formatAddress(address), "xDS and leases", credentialsBy(provider, null, false)),
  };
}

type Provider = experimental.CertificateProvider;

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

function bind(
  server: Server,
  where: string,
  what: string,
  credentials = ServerCredentials.createInsecure(),
): Promise<Listened> {
  return new Promise((resolve) => {
    server.bindAsync(where, credentials, (error) => {
      if (error === null) {
        resolve({ ok: true });
        return;
      }
      resolve({ ok: false, problem: `${what} cannot listen on ${where}: ${error.message}.` });
    });
  });
}
