// What each node gets of a view: gateways all of it, at their own port; a sidecar its agent's.

import { isIP } from "node:net";
import { placeOfPeer } from "@smartcall/runtime";
import { createOwnPorts } from "../snapshot/own-port.ts";
import { createOwnSecrets } from "../snapshot/own-secrets.ts";
import { createSidecarViews } from "../snapshot/sidecar-views.ts";
import type { View } from "../snapshot/view.ts";
import { meshSecrets, type Trust } from "../translate/index.ts";
import type { Node } from "./request.ts";
import { sidecarOf } from "./sidecar-of.ts";

/**
 * Gives each node its view; undefined for a sidecar without a certificate yet.
 *
 * @param trust what the owner of a certificate, such as `agent/planner`, proves itself with;
 *   the same object as long as it is the same
 */
export function createNodeViews(
  trust: (owner: string) => Trust | undefined,
): (node: Node, view: View) => View | undefined {
  const atPort = createOwnPorts();
  const ownSecrets = createOwnSecrets();
  const sidecarView = createSidecarViews();
  const secrets = new WeakMap<Trust, ReturnType<typeof meshSecrets>>();
  // Asked for several times for each message of a node, and at each change for every node.
  const last = new WeakMap<Node, Last>();
  return (node, view) => {
    const { cluster, egressPort, httpsPort, inboundPort } = node;
    const agent = sidecarOf(node);
    if (agent === undefined) {
      return ownSecrets(httpsPort === undefined ? view : atPort(view, httpsPort), cluster);
    }
    const own = trust(cluster);
    if (own === undefined) return undefined;
    const its = secrets.get(own) ?? meshSecrets(own);
    secrets.set(own, its);
    const before = last.get(node);
    if (before?.of === view && before.secrets === its) return before.view;
    const inbound = { host: inboundAddress(node), port: inboundPort ?? 0 };
    const order = { agent, place: { inbound, egressPort }, secrets: its };
    const made = sidecarView(view, order);
    last.set(node, { of: view, secrets: its, view: made });
    return made;
  };
}

/** What a sidecar was given last, and of what. */
interface Last {
  readonly of: View;
  readonly secrets: ReturnType<typeof meshSecrets>;
  readonly view: View;
}

/** Of its machine: the one that it is reached by, or all where only a name is known. */
function inboundAddress({ inboundHost, peer = "" }: Node): string {
  if (inboundHost === undefined) {
    return placeOfPeer(peer).kind === "elsewhere" ? "0.0.0.0" : "127.0.0.1";
  }
  return isIP(inboundHost) === 0 ? "0.0.0.0" : inboundHost;
}
