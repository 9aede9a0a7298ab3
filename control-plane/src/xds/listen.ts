// Listening for gateways and agents, and for programs of this machine that call agents themselves.

import { lookup } from "node:dns/promises";
import { chmodSync } from "node:fs";
import { createServer, type Server as NetServer } from "node:net";
import {
  type ConnectionInjector,
  experimental,
  type Server,
  ServerCredentials,
} from "@grpc/grpc-js";
import { type Address, claimSocket, formatAddress } from "@smartcall/runtime";
import type { Door } from "./door.ts";

/** What became of listening: or one sentence that says why it cannot be. */
export type Listened =
  | {
      readonly ok: true;
      /** Takes no more connections; those that are there are the gRPC server's. */
      close(): void;
    }
  | { readonly ok: false; readonly problem: string };

/** Lets a gRPC server listen in the clear, on loopback, behind a door. */
export function listenForNodes(server: Server, address: Address, door: Door): Promise<Listened> {
  return listenBehind(
    door,
    server.createConnectionInjector(ServerCredentials.createInsecure()),
    address,
  );
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
  /** Lets the server listen there, behind a door. */
  listen(server: Server, address: Address, door: Door): Promise<Listened>;
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
    listen: (server, address, door) =>
      listenBehind(
        door,
        server.createConnectionInjector(credentialsBy(provider, null, false)),
        address,
      ),
  };
}

type Provider = experimental.CertificateProvider;

/** Lets a gRPC server listen on a Unix socket that only this user can open. */
export async function listenOnSocket(server: Server, path: string): Promise<Listened> {
  const claimed = await claimSocket(path);
  if (claimed !== "free") {
    return { ok: false, problem: `xDS cannot listen on ${path}: the path is ${claimed}.` };
  }
  const listened = await bind(server, path);
  if (listened.ok) chmodSync(path, 0o600);
  return listened;
}

/** At every address that a name such as `localhost` stands for. */
async function listenBehind(
  door: Door,
  injector: ConnectionInjector,
  { host, port }: Address,
): Promise<Listened> {
  const found = await lookup(host, { all: true }).catch(() => [{ address: host }]);
  const all = await Promise.all(found.map((at) => listenAt(at.address, port, door, injector)));
  const listeners = all.filter((each) => typeof each !== "string");
  if (listeners.length > 0) {
    return {
      ok: true,
      close() {
        for (const listener of listeners) listener.close();
      },
    };
  }
  const problem = `xDS and leases cannot listen on ${formatAddress({ host, port })}: ${all.join(", ")}.`;
  return { ok: false, problem };
}

/** What listens, or why nothing does. */
function listenAt(
  host: string,
  port: number,
  door: Door,
  injector: ConnectionInjector,
): Promise<NetServer | string> {
  return new Promise((resolve) => {
    const listener = createServer({ noDelay: true }, (socket) => {
      // Ended connections are what a peer may do.
      socket.on("error", () => undefined);
      if (!door.enter(socket)) return;
      // A machine that is gone without a word is found by the system, however busy this is.
      socket.setKeepAlive(true, 1_000);
      injector.injectConnection(socket);
    });
    listener.once("error", ({ message }) => resolve(message));
    listener.listen({ host, port, backlog: 511 }, () => resolve(listener));
  });
}

function bind(server: Server, path: string): Promise<Listened> {
  return new Promise((resolve) => {
    server.bindAsync(`unix:${path}`, ServerCredentials.createInsecure(), (error) => {
      resolve(
        error === null
          ? { ok: true, close: () => undefined }
          : { ok: false, problem: `xDS cannot listen on ${path}: ${error.message}.` },
      );
    });
  });
}
