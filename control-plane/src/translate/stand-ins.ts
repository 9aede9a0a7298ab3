// Agents that others answer for when they cannot.

import type { Mesh } from "../model/mesh.ts";

/** Those after which a route asks another agent. */
export function withStandIns({ routes }: Mesh): ReadonlySet<string> {
  return new Set(
    routes.flatMap(({ fallback = [], to }) =>
      fallback.length === 0 ? [] : [...to.map(({ agent }) => agent), ...fallback.slice(0, -1)],
    ),
  );
}
