// What tells one listener of the edge from the one that follows it.
//
// A listener that is replaced drains unseen by its WebSockets, and cuts them at the end. So it
// marks those that it lets in, and the table of routes, which both have, says which is the
// present one: the realtime service tells the others to come again, and cuts no answer.

import { createHash } from "node:crypto";
import type { Listener } from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import { ListenerSchema } from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import { encode } from "./wire/index.ts";

/**
 * Another one for all that differs between two listeners.
 *
 * @param build makes the listener with a mark, the same each time but for it
 */
export function listenerMark(build: (mark: string) => Listener): string {
  return createHash("sha256")
    .update(encode(ListenerSchema, build("")))
    .digest("hex")
    .slice(0, 16);
}
