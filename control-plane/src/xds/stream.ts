// The protocol on one stream, without the stream: requests and views in, effects out.
//
// https://www.envoyproxy.io/docs/envoy/latest/api-docs/xds_protocol

import { resourceTypes, typeOf } from "../snapshot/compare.ts";
import type { ResourceType } from "../snapshot/snapshot.ts";
import type { View } from "../snapshot/view.ts";
import { answer } from "./answer.ts";
import { doubtClusters, endpointsOf } from "./endpoints.ts";
import { permit } from "./gate.ts";
import { builtWith, pushOrder } from "./order.ts";
import type { Node, Refusal, Request, Response, Whole } from "./request.ts";
import {
  acknowledged,
  beside,
  type InFlight,
  isSynced,
  refusedNames,
  rejected,
  type Subscription,
  sent,
  subscribe,
  unwatched,
  watches,
} from "./subscription.ts";
import { toldWhole, type Variant } from "./variant.ts";
import { wholeOf } from "./whole.ts";

/** Everything about one stream. */
export interface StreamState {
  /** Tells this stream from every other; part of each nonce. */
  readonly id: string;
  readonly node: Node | undefined;
  /** How many responses went out. */
  readonly responses: number;
  readonly resumed: boolean;
  /** The endpoints of the clusters that were told last, which warm until they have these. */
  readonly renewed: ReadonlySet<string>;
  /** What the node held when its last stream ended, of the types that it was told whole. */
  readonly left: Left;
  readonly types: Readonly<Record<ResourceType, Subscription>>;
}

/** Something that the shell is to do. */
export type Effect =
  | { readonly kind: "send"; readonly response: Response }
  | { readonly kind: "identified"; readonly node: Node }
  | { readonly kind: "acked"; readonly type: ResourceType; readonly response: InFlight }
  | {
      readonly kind: "nacked";
      readonly type: ResourceType;
      readonly response: InFlight;
      readonly refusal: Refusal;
    }
  /** The node came back with all that the view has of a type, so nothing was sent. */
  | { readonly kind: "held"; readonly type: ResourceType; readonly version: string }
  /** The node holds nothing back any more of what the view has of a type. */
  | { readonly kind: "recovered"; readonly type: ResourceType }
  | { readonly kind: "unknown type"; readonly typeUrl: string }
  | { readonly kind: "close"; readonly code: "INVALID_ARGUMENT"; readonly message: string };

/** A state and what is to be done to reach it. */
export interface Turn {
  readonly next: StreamState;
  readonly effects: readonly Effect[];
}

/** What a node refused on earlier streams: type, then name, then version. */
export type Refused = Readonly<Partial<Record<ResourceType, ReadonlyMap<string, string>>>>;

/** What a node that was told some types whole held when its stream ended. */
export type Left = Readonly<Partial<Record<ResourceType, Whole | undefined>>>;

/** What a stream begins with: how it speaks, and what is remembered of its node. */
export interface Beginning {
  readonly variant?: Variant;
  readonly refused?: Refused;
  readonly left?: Left;
}

/** A stream on which nothing has been said. */
export function openStream(id: string, beginning: Beginning = {}): StreamState {
  const { variant, refused = {}, left = {} } = beginning;
  const type = (name: ResourceType): Subscription => unwatched(name, variant, refused[name]);
  return {
    id,
    node: undefined,
    responses: 0,
    resumed: false,
    renewed: new Set(),
    left,
    types: {
      cluster: type("cluster"),
      endpoint: type("endpoint"),
      listener: type("listener"),
      route: type("route"),
      secret: type("secret"),
      extension: type("extension"),
    },
  };
}

/**
 * A request has come.
 *
 * @param view undefined while no model is loaded, or the client is slow to read:
 *   what is asked is kept, and answered by the next `onView`
 */
export function onRequest(state: StreamState, request: Request, view: View | undefined): Turn {
  const node = state.node ?? request.node;
  if (node === undefined || node.id === "") {
    return refuse(state, "The first request of an xDS stream must carry node.id.");
  }
  if (request.typeUrl === "") {
    return refuse(state, "An xDS request over ADS must carry type_url.");
  }
  const effects: Effect[] = state.node === undefined ? [{ kind: "identified", node }] : [];
  const known = { ...state, node };
  const type = typeOf(request.typeUrl);
  if (type === undefined) {
    return {
      next: known,
      effects: [...effects, { kind: "unknown type", typeUrl: request.typeUrl }],
    };
  }
  const settled = settle(known, type, request);
  const taken = take(settled.next, type, request);
  const pushed = onView(view === undefined ? taken : keptBeside(taken, type, view), view);
  const first = !known.types[type].started;
  const held = first ? heldAlready(pushed.next, type, view) : [];
  return {
    next: pushed.next,
    effects: [...effects, ...settled.effects, ...pushed.effects, ...held],
  };
}

/** The view has changed, or the client reads again: everything that may go out does. */
export function onView(state: StreamState, view: View | undefined): Turn {
  if (view === undefined || state.node === undefined) return { next: state, effects: [] };
  let next = state;
  const effects: Effect[] = [];
  for (const step of pushOrder) {
    const told = answer(next.types[step.type], permit(next, view, step));
    if (told === undefined) continue;
    const { type } = step;
    const nonce = `${next.id}-${next.responses + 1}`;
    const all = { version: view.versions[type], resources: view.snapshot[type] };
    const before = next.types[type];
    const whole = toldWhole(before) ? wholeOf(before, told, all) : undefined;
    const { version } = whole ?? all;
    const response = { type, nonce, version, whole, ...told };
    effects.push({ kind: "send", response });
    next = { ...withType(next, sent(before, response)), responses: next.responses + 1 };
    if (type === "cluster") next = oweEndpoints(next, endpointsOf(before, response, view));
  }
  for (const type of resourceTypes) {
    if (!hasRecovered(next.types[type], view)) continue;
    next = withType(next, { ...next.types[type], troubled: false });
    effects.push({ kind: "recovered", type });
  }
  return { next, effects };
}

/** The stream with nothing refused: what it was refused may be sent once more. */
export function forgiven(state: StreamState): StreamState {
  const type = (name: ResourceType): Subscription => ({ ...state.types[name], refused: new Map() });
  return {
    ...state,
    types: {
      cluster: type("cluster"),
      endpoint: type("endpoint"),
      listener: type("listener"),
      route: type("route"),
      secret: type("secret"),
      extension: type("extension"),
    },
  };
}

function keptBeside(state: StreamState, type: ResourceType, view: View): StreamState {
  return withType(state, beside(state.types[type], view.snapshot[type]));
}

function refuse(state: StreamState, message: string): Turn {
  return { next: state, effects: [{ kind: "close", code: "INVALID_ARGUMENT", message }] };
}

// The ACK or NACK in a request. One with a nonce that is not in flight is neither.
function settle(state: StreamState, type: ResourceType, { nonce, refusal }: Request): Turn {
  const subscription = state.types[type];
  const { inFlight } = subscription;
  if (inFlight === undefined || inFlight.nonce !== nonce) return { next: state, effects: [] };
  if (refusal === undefined) {
    const next = lift(withType(state, acknowledged(subscription)), subscription);
    return { next, effects: [{ kind: "acked", type, response: inFlight }] };
  }
  const next = withType(state, rejected(subscription));
  return { next, effects: [{ kind: "nacked", type, response: inFlight, refusal }] };
}

/**
 * What was refused may have been refused for a part of it that the node has
 * another version of by now, such as a certificate that is good again: it may be
 * sent once more.
 */
function lift(state: StreamState, before: Subscription): StreamState {
  const changed = [...(before.inFlight?.versions ?? [])].some(
    ([name, version]) => before.held.get(name) !== version || before.refused.has(name),
  );
  if (!changed) return state;
  const built = resourceTypes.filter((type) => builtWith[type]?.includes(before.type));
  return built.reduce(
    (next, type) => withType(next, { ...next.types[type], refused: new Map() }),
    state,
  );
}

// The subscription in a request.
function take(state: StreamState, type: ResourceType, request: Request): StreamState {
  const subscription = state.types[type];
  const asks = request.subscribe.length > 0 || request.unsubscribe.length > 0;
  // A NACK of what was never sent asks for nothing.
  if (!asks && (subscription.started || request.refusal !== undefined)) return state;
  const holds = request.initialVersions.size > 0 || request.base === "unknown";
  const resumed = state.resumed || holds;
  const next = { ...withType(state, subscribe(subscription, request)), resumed };
  if (subscription.started || type !== "endpoint") return next;
  const doubted = doubtClusters(next.types);
  return { ...withType(next, doubted.cluster), resumed: resumed || doubted.resumed };
}

function oweEndpoints(state: StreamState, renewed: ReadonlySet<string>): StreamState {
  if (renewed.size === 0) return state;
  const { endpoint } = state.types;
  const again = [...renewed].filter((name) => endpoint.names.has(name));
  const owed = new Set([...endpoint.owed, ...again]);
  return { ...withType(state, { ...endpoint, owed }), renewed };
}

function heldAlready(
  state: StreamState,
  type: ResourceType,
  view: View | undefined,
): readonly Effect[] {
  const subscription = state.types[type];
  if (view === undefined || !subscription.started || subscription.inFlight !== undefined) return [];
  if (!isSynced(subscription, view.snapshot[type])) return [];
  return [{ kind: "held", type, version: view.versions[type] }];
}

function hasRecovered(subscription: Subscription, view: View): boolean {
  if (!subscription.troubled || subscription.inFlight !== undefined) return false;
  const resources = view.snapshot[subscription.type];
  const suspected = [...subscription.suspects].some(
    ([name, { version }]) => resources.get(name)?.version === version,
  );
  const owed = [...subscription.owed].some(
    (name) => watches(subscription, name) && resources.has(name),
  );
  return !suspected && !owed && refusedNames(subscription, resources).length === 0;
}

function withType(state: StreamState, subscription: Subscription): StreamState {
  return { ...state, types: { ...state.types, [subscription.type]: subscription } };
}
