// Where a connection comes from, by what grpc-js says of it: `127.0.0.1:4711`, `::1:4711`, `unknown`.

import { isIP, isIPv4 } from "node:net";
import { isLoopback } from "./setting-parsers.ts";

/** Where it comes from: `here` is this machine, by loopback. */
export type PeerPlace =
  | { readonly kind: "here" | "elsewhere"; readonly address: string }
  /** A Unix socket, or a connection that has ended since. */
  | { readonly kind: "unnamed" };

/** An address of IPv4 that comes as IPv6, `::ffff:127.0.0.1`, is that of IPv4. */
export function placeOfPeer(peer: string): PeerPlace {
  const host = peer.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  const four = host.replace(/^::ffff:/i, "");
  const address = isIPv4(four) ? four : host;
  if (isIP(address) === 0) return { kind: "unnamed" };
  const [bare = ""] = address.split("%");
  return { kind: isLoopback(bare) ? "here" : "elsewhere", address };
}
