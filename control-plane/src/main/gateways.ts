// What is known of gateways: how far each is, and which are cut off.

import type { Reached } from "../admin/index.ts";
import {
  connectedNodes,
  emptyStatus,
  type KnownGateways,
  type NodeRow,
  nodeRows,
  printGateways,
  withConnected,
  withCutOff,
  withEvent,
  withoutGateway,
} from "../status/index.ts";
import type { NodeProgress, XdsEvent } from "../xds/index.ts";
import type { Kept } from "./kept.ts";

/** The gateways. */
export interface Gateways {
  observe(event: XdsEvent): void;
  /** @param revokedSince how many revocations were made since a moment */
  rows(revokedSince: (moment: number) => number): readonly NodeRow[];
  /** Forgets one that is cut off; false where there is none of this id. */
  forget(node: string): boolean;
  /** Who has taken what is served at present. */
  reached(progress: readonly NodeProgress[], generation: number): Reached;
}

/** Those of an earlier process, cut off until they are back. */
export function createGateways({ gateways, keepGateways }: Kept): Gateways {
  let status = emptyStatus;
  let known = gateways;
  const keep = (next: KnownGateways): void => {
    if (next === known) return;
    known = next;
    keepGateways.keep(printGateways(known));
  };
  return {
    observe(event) {
      status = withEvent(status, event);
      if (event.kind === "identified" || event.kind === "closed") {
        keep(withConnected(known, connectedNodes(status), event.at));
      }
    },
    rows: (revokedSince) => withCutOff(nodeRows(status, Date.now()), known, revokedSince),
    forget(node) {
      if (known.get(node) === undefined) return false;
      keep(withoutGateway(known, node));
      return true;
    },
    reached(progress, generation) {
      const behind = progress.filter((of) => !of.answered || of.generation < generation);
      const silent = new Set(behind.map(({ node }) => node));
      const connected = new Set(progress.map(({ node }) => node));
      return {
        holds: [...connected].filter((node) => !silent.has(node)).sort(),
        silent: [...silent].sort(),
        cutOff: [...known.keys()].filter((node) => !connected.has(node)).sort(),
      };
    },
  };
}
