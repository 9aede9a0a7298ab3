// The snapshot that is served, and the newer one that is about to be.

import type { Clock } from "@smartcall/runtime";
import { compareSnapshots, emptySnapshot, type SnapshotDifference } from "../snapshot/compare.ts";
import { type DanglingReference, danglingReferences } from "../snapshot/consistency.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type View, viewOf } from "../snapshot/view.ts";
import { createDebounce, type Lane } from "./debounce.ts";
import type { XdsEvent } from "./event.ts";

/** What became of a snapshot. */
export type Published =
  /** It is served, or will be in a moment; `generation` grows with every change of content. */
  | { readonly ok: true; readonly generation: number }
  /** It does not hold together, and what was served before goes on being served. */
  | { readonly ok: false; readonly problems: readonly DanglingReference[] };

/** A view that is being pushed. */
export interface Generation {
  readonly number: number;
  readonly view: View;
  readonly reason: string;
  /** When the first change came that this generation holds and the one before does not. */
  readonly changedAt: number;
}

/** Takes snapshots in, and lets them out in bursts. */
export interface Publisher {
  /** What is served; undefined before the first snapshot. */
  current(): Generation | undefined;
  publish(snapshot: Snapshot, reason: string): Published;
  close(): void;
}

/** A publisher with nothing to serve. `push` runs whenever `current` has changed. */
export function createPublisher(
  clock: Clock,
  push: () => void,
  observe: (event: XdsEvent) => void,
): Publisher {
  let current: Generation | undefined;
  let latest: Generation | undefined;
  const serve = (): void => {
    if (latest === undefined || latest === current) return;
    observe(publication(current, latest, clock.now()));
    current = latest;
    push();
  };
  const debounce = createDebounce(clock, serve);
  return {
    current: () => current,
    publish: (snapshot, reason) => {
      const view = viewOf(snapshot, latest?.view);
      const problems = danglingReferences(view.snapshot, view.references);
      if (problems.length > 0) return { ok: false, problems };
      const difference = compareSnapshots(latest?.view.snapshot ?? emptySnapshot, view.snapshot);
      if (latest !== undefined && Object.keys(difference).length === 0) {
        return { ok: true, generation: latest.number };
      }
      const changedAt = latest === undefined || latest === current ? clock.now() : latest.changedAt;
      const first = latest === undefined;
      latest = { number: (latest?.number ?? 0) + 1, view, reason, changedAt };
      // Nobody is served yet, so there is nothing to gather.
      if (first) serve();
      else debounce.changed(laneOf(difference));
      return { ok: true, generation: latest.number };
    },
    close: () => debounce.cancel(),
  };
}

function laneOf(difference: SnapshotDifference): Lane {
  return Object.keys(difference).every((type) => type === "endpoint") ? "endpoints" : "config";
}

function publication(before: Generation | undefined, after: Generation, at: number): XdsEvent {
  const old = before?.view.snapshot ?? emptySnapshot;
  const differences = Object.values(compareSnapshots(old, after.view.snapshot));
  const changed = differences.reduce((sum, each) => sum + each.changed.length, 0);
  const removed = differences.reduce((sum, each) => sum + each.removed.length, 0);
  return { kind: "published", at, reason: after.reason, changed, removed };
}
