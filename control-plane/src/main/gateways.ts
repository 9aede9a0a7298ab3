// What is known of gateways: how far each is, and which are cut off.

import { type Clock, systemClock } from "@smartcall/runtime";
import type { Reached } from "../admin/index.ts";
import { type Snapshot, versionOf } from "../snapshot/index.ts";
import {
  connectedGateways,
  createTakenRevocations,
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
  /**
   * The same, and notes what is built of the revocations.
   *
   * @param revokedUntil until when they are in what is built at this moment
   */
  note<V>(
    snapshotOf: (version: V) => Snapshot,
    revokedUntil: () => number,
  ): (version: V) => Snapshot;
  /** @param revokedSince how many revocations were made since a moment */
  rows(revokedSince: (moment: number) => number): readonly NodeRow[];
  /** Forgets one that is cut off; false where there is none of this id. */
  forget(node: string): boolean;
  /** Whether one was lost a moment ago, as all are at a start: it connects again in another. */
  returning(): boolean;
  /** Resolves once none is returning, or after a while. */
  returned(withinMs: number): Promise<void>;
  /** Who has taken what is served at present. */
  reached(progress: readonly NodeProgress[], generation: number): Reached;
}

/**
 * How long one that was lost is likely to come back by itself, in milliseconds: Envoy tries
 * each second, and a control plane that starts listens after a part of one.
 */
export const returnMs = 5_000;

/** Those of an earlier process, cut off until they are back. */
export function createGateways(
  { gateways, keepGateways }: Pick<Kept, "gateways" | "keepGateways">,
  clock: Clock = systemClock,
): Gateways {
  const status = new Map<string, StreamStatus>();
  const taken = createTakenRevocations();
  let known = gateways;
  /** When one came, went or answered last that is not noted in `known` yet. */
  let movedAt: number | undefined;
  let settling = false;
  let answered: NodeJS.Timeout | undefined;
  /** Those who wait until none is returning. */
  const waiting = new Set<() => void>();
  const returning = (): boolean => {
    const from = clock.now() - returnMs;
    return [...known.values()].some(({ since = from }) => since > from);
  };
  const keep = (next: KnownGateways): void => {
    if (next === known) return;
    known = next;
    keepGateways.keep(printGateways(known));
  };
  // Thousands may come at once: they are noted together, or when somebody asks.
  const settle = (): void => {
    if (movedAt !== undefined) {
      keep(withConnected(known, connectedGateways(status, taken), movedAt));
    }
    movedAt = undefined;
    settling = false;
    clearTimeout(answered);
    answered = undefined;
    if (waiting.size > 0 && !returning()) for (const done of [...waiting]) done();
  };
  const noteAnswer = (at: number): void => {
    movedAt = at;
    answered ??= setTimeout(settle, answersMs).unref();
  };
  return {
    observe(event) {
      // With a stream goes what was answered on it.
      if (event.kind === "closed" && answered !== undefined) settle();
      noteEvent(status, event);
      if (isAnswer(event)) noteAnswer(event.at);
      if (event.kind === "identified" || event.kind === "closed") {
        if (!settling) setImmediate(settle);
        settling = true;
        movedAt = event.at;
      }
    },
    note: (snapshotOf, revokedUntil) => (of) => {
      const snapshot = snapshotOf(of);
      const [version, until] = [versionOf(snapshot.extension), revokedUntil()];
      if (taken.of(version) !== until) {
        taken.made(version, until);
        // Who has it already answers no more.
        noteAnswer(Date.now());
      }
      return snapshot;
    },
    rows(revokedSince) {
      settle();
      return withCutOff(nodeRows(status, Date.now()), known, revokedSince);
    },
    forget(node) {
      settle();
      if (known.get(node)?.since === undefined) return false;
      keep(withoutGateway(known, node));
      return true;
    },
    returning() {
      settle();
      return returning();
    },
    returned(withinMs) {
      settle();
      if (!returning()) return Promise.resolve();
      return new Promise((resolve) => {
        const done = (): void => {
          waiting.delete(done);
          cancel();
          resolve();
        };
        const cancel = clock.after(withinMs, done);
        waiting.add(done);
      });
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

/** How long answers are gathered before they are kept: after each change, every gateway answers. */
const answersMs = 200;

/** Whether it may say that a gateway took what was revoked. */
function isAnswer(event: XdsEvent): boolean {
  const { kind } = event;
  const is = kind === "acked" || kind === "held" || kind === "recovered";
  return is && event.type === "extension";
}
