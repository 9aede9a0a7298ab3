// What a request of the state-of-the-world variant asks for: it lists all names each time.
//
// https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol#how-the-client-specifies-what-resources-to-return

import { typeOf } from "../snapshot/compare.ts";
import type { View } from "../snapshot/view.ts";
import { watchedWhole } from "./order.ts";
import type { Interest, Request, Said } from "./request.ts";
import type { StreamState } from "./stream.ts";
import type { Subscription } from "./subscription.ts";

/** One state-of-the-world discovery request. */
export interface SotwRequest extends Said {
  /** Every name that the client watches from now on. */
  readonly names: readonly string[];
  /** The version that it took last of the type, on this stream or the one before; or empty. */
  readonly version: string;
}

const nothing: Interest = { subscribe: [], unsubscribe: [], initialVersions: new Map() };

/**
 * The request as what it changes; undefined for one that counts for nothing, as
 * it answers an older response than the last, which is answered already. While the
 * last is under way, such a one still says what its client watches: what it gives
 * up, it has forgotten, even if it asks for it once more.
 */
export function readSotw(
  state: StreamState,
  request: SotwRequest,
  view: View | undefined,
): Request | undefined {
  const { node, typeUrl, nonce, refusal, names } = request;
  const said = { node, typeUrl, nonce, refusal };
  const type = typeOf(typeUrl);
  const subscription = type && state.types[type];
  if (subscription === undefined) return { ...said, ...nothing };
  if (!subscription.started) {
    // A refusal of what was never sent asks for nothing.
    if (refusal !== undefined) return { ...said, ...nothing };
    return { ...said, ...begin(state, subscription, request, view) };
  }
  const answers = subscription.inFlight !== undefined;
  if (!answers && subscription.nonce !== "" && subscription.nonce !== nonce) return undefined;
  const asked = difference(subscription, names);
  const changes = asked.subscribe.length > 0 || asked.unsubscribe.length > 0;
  if (changes || answers || subscription.type !== "endpoint") return { ...said, ...asked };
  // Answered already, and asked again: Envoy has a cluster that warms.
  return { ...said, ...nothing, subscribe: names.filter((name) => state.renewed.has(name)) };
}

function begin(
  state: StreamState,
  subscription: Subscription,
  { names, version }: SotwRequest,
  view: View | undefined,
): Interest {
  const asked = { ...nothing, subscribe: names };
  if (!watchedWhole.has(subscription.type) || version === "") return asked;
  // One that names what it watches is always answered, so what it holds need not be known.
  if (names.length > 0) return { ...asked, base: "unknown" };
  const { type } = subscription;
  const present = view && { version: view.versions[type], resources: view.snapshot[type] };
  const base = [present, state.left[type]].find((whole) => whole?.version === version);
  if (base === undefined) return { ...asked, base: "unknown" };
  const held = [...base.resources.values()].map(({ name, version: of }) => [name, of] as const);
  return { ...asked, base, initialVersions: new Map(held) };
}

function difference(subscription: Subscription, names: readonly string[]): Interest {
  const { wildcard, named } = subscription;
  // All is meant by no names only for as long as there never were any.
  if (names.length === 0 && !named) return nothing;
  const wanted = new Set(names);
  const watched = new Set(subscription.names);
  if (wildcard && named) watched.add("*");
  const dropped = [...watched, ...(wildcard ? ["*"] : [])].filter((name) => !wanted.has(name));
  const subscribe = names.filter((name) => !watched.has(name));
  return { ...nothing, subscribe, unsubscribe: [...new Set(dropped)] };
}
