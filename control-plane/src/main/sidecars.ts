// Where the sidecar of an instance is, for the lease that comes by it.

import { isIP } from "node:net";
import { placeOfPeer } from "@smartcall/runtime";
import type { SidecarPlace } from "../source/leases/index.ts";
import { sidecarOf, type XdsServer } from "../xds/index.ts";

/** The sidecar that is connected as this node: where it says that it is reached, or else where it comes from. */
export function connectedSidecar(
  { connected }: Pick<XdsServer, "connected">,
  node: string,
): SidecarPlace | undefined {
  const found = connected(node);
  const agent = found && sidecarOf(found);
  if (found === undefined || agent === undefined) return undefined;
  const { inboundHost, inboundPort, peer = "", pending } = found;
  const inbound = found.refused.find(({ type, name }) => type === "listener" && name === "inbound");
  const place = placeOfPeer(peer);
  const host = inboundHost ?? (place.kind === "unnamed" ? "127.0.0.1" : place.address);
  const isReached = inboundPort !== undefined && isIP(host) !== 0;
  return {
    agent,
    pending,
    refused: inbound && (inbound.message === "" ? "its Envoy refuses to" : inbound.message),
    address: isReached
      ? { kind: "ip", host: host === "::1" ? "127.0.0.1" : host, port: inboundPort }
      : undefined,
  };
}
