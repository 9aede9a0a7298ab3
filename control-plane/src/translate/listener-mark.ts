// What tells one listener of the edge from the one that follows it.
//
// A listener that is replaced drains unseen by its WebSockets, and cuts them at the end. So it
// marks those that it lets in, and the table of routes, which both have, says which is the
// present one: the realtime service tells the others to come again, and cuts no answer.

import { createHash } from "node:crypto";
import type { Gateway } from "../model/mesh.ts";
import { boundsOf, mostHeadersKiB } from "./bounds.ts";

/** Another one for all that a change of `mesh.yaml` changes of the listener. */
export function listenerMark(gateway: Gateway): string {
  const { address, port } = gateway.https;
  const bounds = boundsOf(gateway);
  // The other sizes are in the table.
  const { bodyBytes, headersKiB, pathBytes, ...listened } = bounds;
  return createHash("sha256")
    .update(JSON.stringify([address, port, listened, mostHeadersKiB(bounds)]))
    .digest("hex")
    .slice(0, 16);
}
