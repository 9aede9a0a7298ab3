// Listening for the operator: in the clear on this machine, over TLS anywhere else.

import { createServer, type RequestListener, type Server, type ServerOptions } from "node:http";
import {
  createServer as createSecureServer,
  type ServerOptions as SecureOptions,
} from "node:https";
import { type Address, formatAddress, isLoopback } from "@smartcall/runtime";

/** Pages that are served, or one sentence that says why they are not. */
export type Listening =
  | {
      readonly ok: true;
      readonly port: number;
      /** From here on, new connections are shown this certificate. */
      renew(pair: ShownPair): void;
      close(): Promise<void>;
    }
  | { readonly ok: false; readonly problem: string };

/** A certificate with those between it and its authority, and its private key: both PEM. */
export interface ShownPair {
  readonly certificateChain: string;
  readonly privateKey: string;
}

/** How long a client may take, in milliseconds, so that a slow one holds no connection. */
export interface Patience {
  readonly handshake: number;
  readonly headers: number;
  /** Headers and body. */
  readonly request: number;
}

const standardPatience: Patience = { handshake: 10_000, headers: 10_000, request: 30_000 };
const mostConnections = 256;

/**
 * Serves pages at the address. Without a certificate that is only done on
 * loopback, since tokens must not leave this machine in the clear. Port 0 takes
 * a free one.
 */
export function listenForOperators(
  pages: RequestListener,
  address: Address,
  pair?: ShownPair,
  patience = standardPatience,
): Promise<Listening> {
  const { host, port } = address;
  if (pair === undefined && !isLoopback(host)) {
    const problem = `The operator's pages have no certificate, so they cannot listen on ${host}: use 127.0.0.1, ::1 or localhost.`;
    return Promise.resolve({ ok: false, problem });
  }
  const options = optionsFor(patience);
  const { server, renew } =
    pair === undefined
      ? { server: createServer(options, pages), renew: () => undefined }
      : secure(pages, pair, { ...options, handshakeTimeout: patience.handshake });
  server.maxConnections = mostConnections;
  return new Promise((resolve) => {
    server.once("error", (error) => {
      const problem = `The operator's pages cannot listen on ${formatAddress(address)}: ${error.message}.`;
      resolve({ ok: false, problem });
    });
    server.listen(port, host, () => {
      const bound = server.address();
      resolve({
        ok: true,
        port: typeof bound === "object" && bound !== null ? bound.port : port,
        renew,
        close: () =>
          new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
          }),
      });
    });
  });
}

interface Made {
  readonly server: Server;
  renew(pair: ShownPair): void;
}

function secure(pages: RequestListener, pair: ShownPair, options: SecureOptions): Made {
  const context = ({ certificateChain, privateKey }: ShownPair) => ({
    cert: certificateChain,
    key: privateKey,
    minVersion: "TLSv1.2" as const,
  });
  const server = createSecureServer({ ...options, ...context(pair) }, pages);
  return { server, renew: (next) => server.setSecureContext(context(next)) };
}

function optionsFor({ headers, request }: Patience): ServerOptions {
  return {
    headersTimeout: headers,
    requestTimeout: request,
    keepAliveTimeout: 5_000,
    connectionsCheckingInterval: Math.min(1_000, headers),
  };
}
