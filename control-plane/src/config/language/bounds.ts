// `gateway.bounds`: what a client may ask of a gateway.

import { largestRequest } from "@smartcall/protos/limits";
import type { BoundsConfig } from "../gateway-config.ts";
import { size, sizeText } from "../schema/amounts.ts";
import { type Located, located } from "../schema/collections.ts";
import { type Key, object, optional } from "../schema/object.ts";
import { duration, durationText, wholeNumber } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";

const KiB = 1024;

/** What counts where nothing is written: sizes in bytes, times in milliseconds. */
export const standardBounds = {
  body: largestRequest,
  headers: 64 * KiB,
  path: 8 * KiB,
  connections: 10_000,
  newConnections: 1_000,
  streams: 1_000,
  calls: 12_000,
  idle: 600_000,
  headersTime: 10_000,
  requestTime: 60_000,
} as const;

/** `bounds`. */
export const bounds: Type<BoundsConfig> = object<Omit<BoundsConfig, "at" | "flawed">>(
  "`bounds`",
  {
    body: bound(
      size(KiB, largestRequest),
      sizeText(standardBounds.body),
      "The largest body of a request or, of a gRPC call, the largest message.",
    ),
    headers: bound(
      size(KiB, 1024 * KiB),
      sizeText(standardBounds.headers),
      "All headers of a request together.",
    ),
    path: bound(
      size(64, 64 * KiB),
      sizeText(standardBounds.path),
      "The longest path with its query.",
    ),
    connections: bound(
      wholeNumber(1, 1_000_000),
      String(standardBounds.connections),
      "Clients that are connected at once, to each gateway.",
    ),
    newConnections: bound(
      wholeNumber(1, 1_000_000),
      String(standardBounds.newConnections),
      "Connections that may begin each second, to each gateway. Clients that were refused try again, so without it refusing them could be all that a gateway does.",
    ),
    streams: bound(
      wholeNumber(1, 100_000),
      String(standardBounds.streams),
      "Calls at once on one HTTP/2 connection.",
    ),
    calls: bound(
      wholeNumber(1, 1_000_000),
      String(standardBounds.calls),
      "Calls at once by REST and gRPC at each gateway, to all agents together, and whatever else is asked of it over HTTP.",
    ),
    idle: bound(
      duration,
      durationText(standardBounds.idle),
      "How long a connection without a call stays.",
    ),
    headersTime: bound(
      duration,
      durationText(standardBounds.headersTime),
      "How long the headers of a request, and before them the handshake of TLS, may take to arrive.",
    ),
    requestTime: bound(
      duration,
      durationText(standardBounds.requestTime),
      "How long a request may take to arrive whole.",
    ),
  },
  { advice: "Write bounds as `{ body: 1MiB, connections: 5000 }`." },
);

function bound(
  type: Type<number>,
  standard: string,
  about: string,
): Key<Located<number> | undefined> {
  return optional<Located<number> | undefined>(
    located(type),
    { about, example: standard, standard },
    () => undefined,
  );
}
