// How far a node is with a view.

import { resourceTypes } from "../snapshot/compare.ts";
import type { View } from "../snapshot/view.ts";
import type { StreamState } from "./stream.ts";
import { isSynced, refusedNames, watches } from "./subscription.ts";

/**
 * `synced`: the node has ACKed all that it watches. `refused`: it has answered
 * all that it can be sent, and refused some. `behind`: answers are still owed.
 */
export type Standing = "synced" | "refused" | "behind";

/** How far a node is with a view. */
export function standing(state: StreamState, view: View): Standing {
  const types = resourceTypes.filter((type) => state.types[type].started);
  if (types.some((type) => state.types[type].inFlight !== undefined)) return "behind";
  if (types.every((type) => isSynced(state.types[type], view.snapshot[type]))) return "synced";
  const refused = types.some(
    (type) => refusedNames(state.types[type], view.snapshot[type]).length > 0,
  );
  return refused ? "refused" : "behind";
}

/** Whether the node has taken or refused all that there is of its listeners. */
export function hasListened({ types: { listener } }: StreamState, { snapshot }: View): boolean {
  if (!listener.started || listener.inFlight !== undefined || listener.suspects.size > 0) {
    return false;
  }
  const refused = refusedNames(listener, snapshot.listener).length > 0;
  return refused || isSynced(listener, snapshot.listener);
}

/**
 * Whether the node watches all that it must to serve calls by a view: a client
 * that has just come asks for one type after the other, and may be in step with
 * the view on the way there.
 */
export function watchesAll({ types }: StreamState, view: View): boolean {
  if (view.snapshot.listener.size > 0 && !types.listener.started) return false;
  const needed = [...types.listener.held.keys()].flatMap((name) => {
    const listener = view.snapshot.listener.get(name);
    return listener === undefined ? [] : [view.references.get(listener) ?? {}];
  });
  return resourceTypes
    .filter((type) => type !== "cluster" && type !== "endpoint")
    .every((type) =>
      needed.every((names) => (names[type] ?? []).every((name) => watches(types[type], name))),
    );
}
