// Gateways that were connected and are not: they serve what they had, and hear of no change.

import { isObject, parseObject } from "@smartcall/runtime";
import type { NodeRow } from "./nodes.ts";

/** Every gateway that is or was connected, by its node id; since when it is not, in milliseconds since 1970. */
export type KnownGateways = ReadonlyMap<string, number | undefined>;

/** The name, in the state, of what `printGateways` writes. */
export const gatewaysName = "gateways.json";

/** How long one is remembered that does not come back, in milliseconds. */
export const rememberedMs = 30 * 86_400_000;

/** How many are remembered that do not come back; the one that left longest ago is forgotten first. */
export const mostCutOff = 1_000;

/** The gateways after some have come or gone; the same object where none has. */
export function withConnected(
  known: KnownGateways,
  connected: ReadonlySet<string>,
  now: number,
): KnownGateways {
  const next = new Map<string, number | undefined>();
  for (const [node, since] of known) {
    const cutOff = connected.has(node) ? undefined : (since ?? now);
    if (cutOff === undefined || cutOff > now - rememberedMs) next.set(node, cutOff);
  }
  for (const node of connected) next.set(node, undefined);
  for (const node of longestGone(next)) next.delete(node);
  const same =
    next.size === known.size &&
    [...next].every(([node, since]) => known.has(node) && known.get(node) === since);
  return same ? known : next;
}

function longestGone(known: KnownGateways): readonly string[] {
  const gone = [...known].flatMap(([node, since]) =>
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
 * The rows with those that are cut off, sorted by id.
 *
 * @param missed how many revocations were made since a moment
 */
export function withCutOff(
  rows: readonly NodeRow[],
  known: KnownGateways,
  missed: (since: number) => number,
): readonly NodeRow[] {
  const cutOff = [...known].flatMap(([node, since]): readonly NodeRow[] => {
    if (since === undefined || rows.some((row) => row.node === node)) return [];
    const told = { since: new Date(since).toISOString(), revocations: missed(since) };
    return [{ node, streams: [], cutOff: told }];
  });
  return [...rows, ...cutOff].sort((a, b) => (a.node < b.node ? -1 : 1));
}

/** The text to keep. */
export function printGateways(known: KnownGateways): string {
  const gateways = [...known].map(([node, since]) => ({
    node,
    ...(since !== undefined && { cutOff: new Date(since).toISOString() }),
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
  const found = gateways.flatMap((value): readonly (readonly [string, number])[] => {
    const { node, cutOff } = isObject(value) ? value : {};
    const since = typeof cutOff === "string" ? Date.parse(cutOff) : now;
    return typeof node === "string" && !Number.isNaN(since) ? [[node, since]] : [];
  });
  return found.length === gateways.length ? new Map(found) : undefined;
}
