// Until when each gateway has taken what was revoked, by the versions that it has answered for.

import { names } from "../translate/names.ts";
import { sidecarOf } from "../xds/index.ts";
import type { Status, TypeStatus } from "./status.ts";

/** Which revocations are in which version of the filters that are discovered by themselves. */
export interface TakenRevocations {
  /**
   * A version was made. In it is all that was revoked until a moment, in
   * milliseconds since 1970.
   */
  made(version: string, revokedUntil: number): void;
  /** Until when; undefined of one that this process did not make, or made long ago. */
  of(version: string): number | undefined;
}

/** How many versions are remembered: a gateway that answers for one older counts as one that has not answered. */
const mostVersions = 1_000;

/** With none made yet. */
export function createTakenRevocations(): TakenRevocations {
  const versions = new Map<string, number>();
  return {
    made(version, revokedUntil) {
      // The newest is last, also of one that came back.
      versions.delete(version);
      versions.set(version, revokedUntil);
      const [oldest] = versions.size > mostVersions ? versions.keys() : [];
      if (oldest !== undefined) versions.delete(oldest);
    },
    of: (version) => versions.get(version),
  };
}

/**
 * The gateways that are connected, and until when each has said that it took what
 * was revoked. A program that only calls agents may come and go.
 */
export function connectedGateways(
  status: Status,
  taken: Pick<TakenRevocations, "of">,
): ReadonlyMap<string, number | undefined> {
  const connected = new Map<string, number | undefined>();
  for (const { node, types } of status.values()) {
    // A sidecar ends with its instance, and nobody waits for it.
    if (node === undefined || node.proxyless || sidecarOf(node) !== undefined) continue;
    const [other, own] = [connected.get(node.id), takenOf(types.extension, taken)];
    // Of two streams, one may be of another gateway with this id: the one that knows less counts.
    connected.set(
      node.id,
      other === undefined || own === undefined ? (own ?? other) : Math.min(own, other),
    );
  }
  return connected;
}

function takenOf({ acked, error }: TypeStatus, taken: Pick<TakenRevocations, "of">) {
  const refuses = error?.suspects.some(({ name }) => name === names.denied) ?? false;
  return acked === undefined || refuses ? undefined : taken.of(acked.version);
}
