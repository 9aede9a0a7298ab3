// Gateways that were connected and are not: they serve what they had, and hear of no change.

import { isObject, parseObject } from "@smartcall/runtime";
import type { NodeRow } from "./nodes.ts";

/** Every gateway that is or was connected, by its node id. */
export type KnownGateways = ReadonlyMap<string, KnownGateway>;

/** What is known of one. Both in milliseconds since 1970. */
export interface KnownGateway {
  /** Since when it is not connected; undefined while it is. */
  readonly since: number | undefined;
  /** Until when it has taken what was revoked; undefined where it never took any list. */
  readonly revokedUntil: number | undefined;
}

/** The name, in the state, of what `printGateways` writes. */
export const gatewaysName = "gateways.json";

/** How long one is remembered that does not come back, in milliseconds. */
export const rememberedMs = 30 * 86_400_000;

/** How many are remembered that do not come back; the one that left longest ago is forgotten first. */
export const mostCutOff = 1_000;

/**
 * The gateways after some have come, gone, or taken something; the same object where none has.
 *
 * @param connected those that are, and until when each has taken what was revoked,
 *   as far as it has said on this connection
 */
export function withConnected(
  known: KnownGateways,
  connected: ReadonlyMap<string, number | undefined>,
  now: number,
): KnownGateways {
  const next = new Map<string, KnownGateway>();
  for (const [node, { since, revokedUntil }] of known) {
    const cutOff = connected.has(node) ? undefined : (since ?? now);
    if (cutOff === undefined || cutOff > now - rememberedMs) {
      next.set(node, { since: cutOff, revokedUntil });
    }
  }
  for (const [node, taken] of connected) {
    next.set(node, { since: undefined, revokedUntil: taken ?? known.get(node)?.revokedUntil });
  }
  for (const node of longestGone(next)) next.delete(node);
  const same =
    next.size === known.size &&
    [...next].every(([node, { since, revokedUntil }]) => {
      const was = known.get(node);
      return was !== undefined && was.since === since && was.revokedUntil === revokedUntil;
    });
  return same ? known : next;
}

function longestGone(known: KnownGateways): readonly string[] {
  const gone = [...known].flatMap(([node, { since }]) =>
    since === undefined ? [] : [{ node, since }],
  );
  if (gone.length <= mostCutOff) return [];
  const newestFirst = gone.sort((a, b) => b.since - a.since);
  return newestFirst.slice(mostCutOff).map(({ node }) => node);
}

/** Without one that will not come back. */
export function withoutGateway(known: KnownGateways, node: string): KnownGateways {
  const next = new Map(known);
  return next.delete(node) ? next : known;
}

/**
 * The rows with those that are cut off, sorted by id, and with how much each has missed.
 *
 * @param revokedSince how many revocations were made since a moment
 */
export function withCutOff(
  rows: readonly NodeRow[],
  known: KnownGateways,
  revokedSince: (moment: number) => number,
): readonly NodeRow[] {
  const missed = (node: string): number => revokedSince(known.get(node)?.revokedUntil ?? 0);
  const shown = new Set(rows.map(({ node }) => node));
  const connected = rows.map((row) => {
    const revocationsMissed = known.has(row.node) ? missed(row.node) : 0;
    return revocationsMissed === 0 ? row : { ...row, revocationsMissed };
  });
  const cutOff = [...known].flatMap(([node, { since }]): readonly NodeRow[] => {
    if (since === undefined || shown.has(node)) return [];
    const told = { since: new Date(since).toISOString(), revocations: missed(node) };
    return [{ node, streams: [], cutOff: told }];
  });
  return [...connected, ...cutOff].sort((a, b) => (a.node < b.node ? -1 : 1));
}

/** The text to keep. */
export function printGateways(known: KnownGateways): string {
  const gateways = [...known].map(([node, { since, revokedUntil }]) => ({
    node,
    ...(since !== undefined && { cutOff: new Date(since).toISOString() }),
    ...(revokedUntil !== undefined && { revokedUntil: new Date(revokedUntil).toISOString() }),
  }));
  return `${JSON.stringify({ gateways }, null, 2)}\n`;
}

/**
 * The gateways that were kept as this text, none of them connected, or undefined
 * where it makes no sense.
 */
export function parseGateways(text: string, now: number): KnownGateways | undefined {
  const { gateways } = parseObject(text) ?? {};
  if (!Array.isArray(gateways)) return undefined;
  const found = gateways.flatMap((value): readonly (readonly [string, KnownGateway])[] => {
    const { node, cutOff, revokedUntil: until } = isObject(value) ? value : {};
    const since = typeof cutOff === "string" ? Date.parse(cutOff) : now;
    const revokedUntil = typeof until === "string" ? Date.parse(until) : undefined;
    const isWrong = Number.isNaN(since) || Number.isNaN(revokedUntil ?? 0);
    return typeof node === "string" && !isWrong ? [[node, { since, revokedUntil }]] : [];
  });
  return found.length === gateways.length ? new Map(found) : undefined;
}
