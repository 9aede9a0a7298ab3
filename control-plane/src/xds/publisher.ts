// The snapshot that is served, and the newer one that is about to be.

import type { Clock } from "@smartcall/runtime";
import { compareSnapshots, emptySnapshot, type SnapshotDifference } from "../snapshot/compare.ts";
import { type DanglingReference, danglingReferences } from "../snapshot/consistency.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { type View, viewOf } from "../snapshot/view.ts";
import { createDebounce, type Lane } from "./debounce.ts";
import type { XdsEvent } from "./event.ts";
import type { Node } from "./request.ts";

/** What became of a snapshot. */
export type Published =
  /** It is served, or will be in a moment; `generation` grows with every change of content. */
  | { readonly ok: true; readonly generation: number }
  /** It does not hold together, and what was served before goes on being served. */
  | { readonly ok: false; readonly problems: readonly DanglingReference[] };

/** A snapshot that some nodes hold before, or instead of, the others. */
export interface Ahead {
  readonly snapshot: Snapshot;
  /** The ids of those nodes. */
  readonly nodes: ReadonlySet<string>;
}

/** A view that is being pushed. */
export interface Generation {
  readonly number: number;
  readonly view: View;
  /** What some nodes get instead. */
  readonly ahead: { readonly view: View; readonly nodes: ReadonlySet<string> } | undefined;
  readonly reason: string;
  /** When the first change came that this generation holds and the one before does not. */
  readonly changedAt: number;
}

/** What a node is to hold of a generation. */
export function viewIn({ view, ahead }: Generation, { id }: Node): View {
  return ahead?.nodes.has(id) ? ahead.view : view;
}

/** Takes snapshots in, and lets them out in bursts. */
export interface Publisher {
  /** What is served; undefined before the first snapshot. */
  current(): Generation | undefined;
  /** Also for the nodes that are ahead, or were: what concerns them goes out at once. */
  publish(snapshot: Snapshot, reason: string, ahead?: Ahead): Published;
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
    publish: (snapshot, reason, ahead) => {
      // What went ahead is most often what all get next: then nothing of it is read again.
      const view = viewOf(snapshot, ahead === undefined ? newest(latest) : latest?.view);
      const going = ahead && {
        view: viewOf(ahead.snapshot, latest?.ahead?.view ?? view),
        nodes: ahead.nodes,
      };
      const problems = [view, ...(going ? [going.view] : [])].flatMap((each) =>
        danglingReferences(each.snapshot, each.references),
      );
      if (problems.length > 0) return { ok: false, problems };
      const before = latest;
      const change = changeOf(before, view, going);
      if (before !== undefined && change === undefined) {
        return { ok: true, generation: before.number };
      }
      const changedAt = before === undefined || before === current ? clock.now() : before.changedAt;
      latest = { number: (before?.number ?? 0) + 1, view, ahead: going, reason, changedAt };
      // Nobody is served yet, so there is nothing to gather; one who stages has gathered already.
      if (before === undefined || change === "step") {
        debounce.cancel();
        serve();
      } else debounce.changed(change ?? "config");
      return { ok: true, generation: latest.number };
    },
    close: () => debounce.cancel(),
  };
}

/** The view that was made last. */
function newest(latest: Generation | undefined): View | undefined {
  return latest?.ahead?.view ?? latest?.view;
}

/** What differs from the generation before: a `step` is that other nodes go ahead, or with something else. */
function changeOf(
  before: Generation | undefined,
  view: View,
  ahead: Generation["ahead"],
): Lane | "step" | undefined {
  const beside = (of: View | undefined) => of?.snapshot.sidecars?.revision;
  const change = changeForGateways(before, view, ahead);
  return change !== "step" && beside(before?.view) !== beside(view) ? "config" : change;
}

function changeForGateways(
  before: Generation | undefined,
  view: View,
  ahead: Generation["ahead"],
): Lane | "step" | undefined {
  const difference = compareSnapshots(before?.view.snapshot ?? emptySnapshot, view.snapshot);
  const own = before?.ahead;
  if (own === undefined || ahead === undefined) {
    if (own !== ahead) return "step";
    return laneOf([difference]);
  }
  const same =
    own.nodes.size === ahead.nodes.size && [...own.nodes].every((n) => ahead.nodes.has(n));
  const forward = compareSnapshots(own.view.snapshot, ahead.view.snapshot);
  if (!same || laneOf([forward]) === "config") return "step";
  return laneOf([difference, forward]);
}

function laneOf(differences: readonly SnapshotDifference[]): Lane | undefined {
  const types = differences.flatMap((difference) => Object.keys(difference));
  if (types.length === 0) return undefined;
  return types.every((type) => type === "endpoint") ? "endpoints" : "config";
}

function publication(before: Generation | undefined, after: Generation, at: number): XdsEvent {
  const old = before?.view.snapshot ?? emptySnapshot;
  const difference = compareSnapshots(old, (after.ahead ?? after).view.snapshot);
  const differences = Object.values(difference);
  const changed = differences.reduce((sum, each) => sum + each.changed.length, 0);
  const removed = differences.reduce((sum, each) => sum + each.removed.length, 0);
  return { kind: "published", at, reason: after.reason, changed, removed };
}
