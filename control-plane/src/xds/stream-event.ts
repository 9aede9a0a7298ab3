// What the protocol did on a stream, as an event for those who watch.

import type { View } from "../snapshot/view.ts";
import type { StreamEvent } from "./event.ts";
import { redact } from "./redact.ts";
import type { Effect } from "./stream.ts";

/** When and on which stream. */
export interface Moment {
  readonly at: number;
  readonly stream: string;
}

/** Who is on the stream, and what it is served. */
export interface Served {
  /** The node's id. */
  readonly node: string;
  /** Where the origins of refused resources are found. */
  readonly view: View | undefined;
}

/**
 * The event of an effect; undefined for one that nobody watches.
 *
 * @param reason why something was sent
 */
export function eventOf(
  moment: Moment,
  effect: Effect,
  reason: string,
  { node, view }: Served,
): StreamEvent | undefined {
  switch (effect.kind) {
    case "send": {
      const { type, nonce, version, resources, removed } = effect.response;
      const counts = { resources: resources.length, removed: removed.length };
      return { ...moment, kind: "sent", type, nonce, version, reason, ...counts };
    }
    case "acked": {
      const { nonce, version } = effect.response;
      return { ...moment, kind: "acked", type: effect.type, nonce, version };
    }
    case "nacked": {
      const { type, refusal } = effect;
      const { nonce, version, versions } = effect.response;
      const suspects = [...versions.keys()].map((name) => ({
        name,
        origin: view?.snapshot[type].get(name)?.origin,
      }));
      const safe = { code: refusal.code, message: redact(refusal.message) };
      const refused = { type, nonce, version, refusal: safe, suspects };
      return { ...moment, kind: "nacked", node, ...refused };
    }
    case "held":
    case "identified":
    case "recovered":
    case "unknown type":
      return { ...moment, ...effect };
    case "close":
      return undefined;
  }
}
