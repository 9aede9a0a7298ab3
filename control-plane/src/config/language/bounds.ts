// `gateway.bounds`: what a client may ask of a gateway.

import { largestRequest } from "@smartcall/protos";
import type { BoundsConfig } from "../gateway-config.ts";
import { size } from "../schema/amounts.ts";
import { type Located, located } from "../schema/collections.ts";
import { type Key, object, optional } from "../schema/object.ts";
import { duration, wholeNumber } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";

const KiB = 1024;

/** `bounds`. */
export const bounds: Type<BoundsConfig> = object<Omit<BoundsConfig, "at">>(
  "`bounds`",
  {
    body: bound(
      size(KiB, largestRequest),
      "4MiB",
      "The largest body of a request or, of a gRPC call, the largest message.",
    ),
    headers: bound(size(KiB, 1024 * KiB), "64KiB", "All headers of a request together."),
    path: bound(size(64, 64 * KiB), "8KiB", "The longest path with its query."),
    connections: bound(
      wholeNumber(1, 1_000_000),
      "10000",
      "Clients that are connected at once, to each gateway.",
    ),
    newConnections: bound(
      wholeNumber(1, 1_000_000),
      "1000",
      "Connections that may begin each second, to each gateway. Clients that were refused try again, so without it refusing them would be its whole work.",
    ),
    streams: bound(
      wholeNumber(1, 100_000),
      "100",
      "Calls at once on one HTTP/2 connection; further ones of that client wait.",
    ),
    idle: bound(duration, "10m", "How long a connection without a call stays."),
    headersTime: bound(
      duration,
      "10s",
      "How long the headers of a request, and before them the handshake of TLS, may take to arrive.",
    ),
    requestTime: bound(duration, "60s", "How long a request may take to arrive whole."),
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
