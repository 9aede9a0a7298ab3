// The view of a gateway that listens at a port of its own, since another has the mesh's.

import { createHash } from "node:crypto";
import { fromBinary, toBinary } from "@bufbuild/protobuf";
import { ListenerSchema } from "@smartcall/envoy/api/envoy/config/listener/v3/listener_pb.js";
import type { Resource } from "./snapshot.ts";
import { type View, viewOf } from "./view.ts";

/** How many ports a view is kept for; more gateways than that share no machine. */
const mostPorts = 100;

/** Gives each view with another port, made once for all gateways that have it. */
export function createOwnPorts(): (view: View, port: number) => View {
  const views = new WeakMap<View, Map<number, View>>();
  return (view, port) => {
    const known = views.get(view) ?? new Map<number, View>();
    views.set(view, known);
    const made = known.get(port) ?? withPort(view, port);
    known.set(port, made);
    for (const oldest of known.keys()) {
      if (known.size <= mostPorts) break;
      known.delete(oldest);
    }
    return made;
  };
}

function withPort(view: View, port: number): View {
  const listeners = [...view.snapshot.listener].map(
    ([name, listener]) => [name, moved(listener, port)] as const,
  );
  return viewOf({ ...view.snapshot, listener: new Map(listeners) }, view);
}

/** The listener at another port of its address; one that is at none stays as it is. */
function moved(listener: Resource, port: number): Resource {
  const message = fromBinary(ListenerSchema, listener.body);
  const address = message.address?.address;
  if (address?.case !== "socketAddress") return listener;
  address.value.portSpecifier = { case: "portValue", value: port };
  const body = toBinary(ListenerSchema, message);
  return { ...listener, body, version: createHash("sha256").update(body).digest("hex") };
}
