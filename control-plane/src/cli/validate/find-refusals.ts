// Finds what in a mesh Envoy refuses: Envoy says what is wrong, but not where it was written.

import type { Mesh } from "../../model/mesh.ts";
import { learn, nextOf, type Search } from "../../rollout/search.ts";
import type { Origin } from "../../source/origin.ts";

/** One thing that Envoy refuses. */
export interface EnvoyRefusal {
  readonly what: "gateway" | "agent" | "route";
  readonly name: string;
  readonly at: Origin;
  /** Envoy's. */
  readonly words: string;
}

/** Why Envoy does not take a mesh, in its words; undefined where it does. */
export type TryMesh = (mesh: Mesh) => Promise<string | undefined>;

/** So many are enough to go on with; each takes a search of its own. */
const most = 5;

/**
 * Tries fewer and fewer agents and routes, until each bad one is found. Where
 * nothing is bad, Envoy is asked once.
 */
export async function findRefusals(mesh: Mesh, tryMesh: TryMesh): Promise<readonly EnvoyRefusal[]> {
  let words = await tryMesh(mesh);
  if (words === undefined) return [];
  const bare = await tryMesh({ ...mesh, agents: [], routes: [] });
  if (bare !== undefined) {
    return [{ what: "gateway", name: mesh.name, at: mesh.gateway.origin, words: bare }];
  }
  // An agent before all routes, so that no route is blamed for its agent.
  let parts: readonly Part[] = [
    ...mesh.agents.map(({ name, origin }) => ({ what: "agent" as const, name, at: origin })),
    ...mesh.routes.map(({ name, origin }) => ({ what: "route" as const, name, at: origin })),
  ];
  const found: EnvoyRefusal[] = [];
  while (words !== undefined && found.length < most) {
    const bad = await firstBad(parts, words, (some) => tryMesh(onlyWith(mesh, some)));
    if (bad === undefined) break;
    found.push(bad);
    parts = parts.filter(({ what, name }) => what !== bad.what || name !== bad.name);
    words = await tryMesh(onlyWith(mesh, parts));
  }
  return found;
}

type Part = Omit<EnvoyRefusal, "words">;

/** The first part with which those before it are refused; `words` are those of all together. */
async function firstBad(
  parts: readonly Part[],
  words: string,
  tryParts: (parts: readonly Part[]) => Promise<string | undefined>,
): Promise<EnvoyRefusal | undefined> {
  let search: Search = { taken: 0, refused: parts.length, parts: parts.length };
  let last = words;
  for (;;) {
    const next = nextOf(search);
    if (next.kind !== "try") {
      const part = next.kind === "found" ? parts[next.index] : undefined;
      return part && { ...part, words: last };
    }
    const said = await tryParts(parts.slice(0, next.count));
    if (said !== undefined) last = said;
    search = learn(search, said !== undefined);
  }
}

function onlyWith(mesh: Mesh, parts: readonly Part[]): Mesh {
  const names = (of: Part["what"]): ReadonlySet<string> =>
    new Set(parts.filter(({ what }) => what === of).map(({ name }) => name));
  const [agents, routes] = [names("agent"), names("route")];
  return {
    ...mesh,
    agents: mesh.agents.filter(({ name }) => agents.has(name)),
    routes: mesh.routes.filter(({ name }) => routes.has(name)),
  };
}
