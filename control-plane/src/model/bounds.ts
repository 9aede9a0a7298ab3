// What a client may ask of a gateway.

import { standardBounds as standard } from "../config/language/bounds.ts";

/** The bounds of a gateway. */
export interface Bounds {
  /** Of a request's body, or of one message of a gRPC call, in bytes. */
  readonly bodyBytes: number;
  /** Of all headers of a request together, in KiB. */
  readonly headersKiB: number;
  /** Of a path with its query, in bytes. */
  readonly pathBytes: number;
  /** Clients that are connected at once. */
  readonly connections: number;
  /** Connections that may begin each second. */
  readonly newConnectionsPerSecond: number;
  /** Calls at once on one HTTP/2 connection. */
  readonly streamsPerConnection: number;
  /** Calls at once by REST and gRPC, to all agents together, with what is asked of the gateway itself. */
  readonly calls: number;
  /** How long a connection without a call stays, in milliseconds. */
  readonly idleMs: number;
  /** How long a request's headers may take to arrive, in milliseconds. */
  readonly headersMs: number;
  /** How long a request may take to arrive whole, in milliseconds. */
  readonly requestMs: number;
}

/** What counts where nothing is written. */
export const standardBounds: Bounds = {
  bodyBytes: standard.body,
  headersKiB: standard.headers / 1024,
  pathBytes: standard.path,
  connections: standard.connections,
  newConnectionsPerSecond: standard.newConnections,
  streamsPerConnection: standard.streams,
  calls: standard.calls,
  idleMs: standard.idle,
  headersMs: standard.headersTime,
  requestMs: standard.requestTime,
};
