// What is known of gateways: how far each is, and which are cut off.

import type { Reached } from "../admin/index.ts";
import {
  connectedNodes,
  type KnownGateways,
  type NodeRow,
  nodeRows,
  noteEvent,
  printGateways,
  type StreamStatus,
  withConnected,
  withCutOff,
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
  const status = new Map<string, StreamStatus>();
  let known = gateways;
  /** When one came or went last that is not noted in `known` yet. */
  let movedAt: number | undefined;
  const keep = (next: KnownGateways): void => {
    if (next === known) return;
    known = next;
    keepGateways.keep(printGateways(known));
  };
  // Thousands may come at once: they are noted together, or when somebody asks.
  const settle = (): void => {
    if (movedAt !== undefined) keep(withConnected(known, connectedNodes(status), movedAt));
    movedAt = undefined;
  };
  return {
    observe(event) {
      noteEvent(status, event);
      if (event.kind === "identified" || event.kind === "closed") {
        if (movedAt === undefined) setImmediate(settle);
        movedAt = event.at;
      }
    },
    rows(revokedSince) {
      settle();
      return withCutOff(nodeRows(status, Date.now()), known, revokedSince);
    },
    forget(node) {
      settle();
      if (known.get(node) === undefined) return false;
      keep(withoutGateway(known, node));
      return true;
    },
    reached(progress, generation) {
      settle();
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
