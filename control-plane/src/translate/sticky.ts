// Callers alike in a claim always meet the same agent of a route.

import type { Destination } from "../model/mesh.ts";
import type { RoutedMesh } from "./routed-mesh.ts";

/** The claims by which routes of the mesh are sticky, or instances are chosen, sorted. */
export function stickyClaims(mesh: Pick<RoutedMesh, "agents" | "routes">): readonly string[] {
  const ofRoutes = mesh.routes.flatMap(({ sticky }) => sticky ?? []);
  return [...new Set([...ofRoutes, ...balanceClaims(mesh)])].sort();
}

/**
 * The headers of claims that are for nobody but the gateway. Those by which instances are
 * chosen go along: Envoy chooses one after it has made all other headers.
 */
export function hiddenHeaders(mesh: RoutedMesh): readonly string[] {
  const needed = balanceClaims(mesh);
  return stickyClaims(mesh)
    .filter((claim) => !needed.has(claim))
    .map(stickyHeader);
}

function balanceClaims({ agents }: Pick<RoutedMesh, "agents">): ReadonlySet<string> {
  return new Set(
    agents.flatMap(({ balance }) =>
      balance?.kind === "hash" && balance.by.kind === "claim" ? [balance.by.claim] : [],
    ),
  );
}

/** The header that carries a claim inside the gateway; another for each claim. */
export function stickyHeader(claim: string): string {
  const encoded = claim.replaceAll(
    /[^a-z0-9-]/g,
    (letter) => `_${letter.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return `smartcall-sticky-${encoded}`;
}

/**
 * The same shares as weights of one fixed sum, because a caller's place is its hash
 * modulo the sum: so when a share grows, only those callers move that it gains.
 */
export function shares(to: readonly Destination[]): readonly Destination[] {
  const sum = to.reduce((whole, { weight }) => whole + weight, 0);
  let before = 0;
  return to.map(({ agent, weight }) => {
    const begin = Math.round((before / sum) * fixedSum);
    before += weight;
    return { agent, weight: Math.round((before / sum) * fixedSum) - begin };
  });
}

/** Fits 32 bits, and is large enough for the smallest share. */
const fixedSum = 1_000_000_000;
