// A client's side of one stream, for tests: what it says, and what it is told in short.

import { expect } from "chai";
import { emptySnapshot, resourceTypes } from "../snapshot/compare.ts";
import {
  type References,
  type Resource,
  type ResourceType,
  type Snapshot,
  typeUrls,
} from "../snapshot/snapshot.ts";
import { type View, viewOf } from "../snapshot/view.ts";
import type { Node, Request } from "./request.ts";
import {
  type Effect,
  onRequest,
  onView,
  openStream,
  type Refused,
  type StreamState,
} from "./stream.ts";

/** Versions by name, by type, such as `{ cluster: { a: "1" } }`. */
export type Sketch = Partial<Record<ResourceType, Readonly<Record<string, string>>>>;

/** What resources name, by `type/name`. A cluster names the endpoints of its name unasked. */
export type Names = Readonly<Record<string, References>>;

export const edge: Node = { id: "edge-1", cluster: "gateway", version: "1.40.0" };

/** The view of a sketch. */
export function viewFrom(sketch: Sketch, names: Names = {}): View {
  const of = (type: ResourceType): ReadonlyMap<string, Resource> =>
    new Map(
      Object.entries(sketch[type] ?? {}).map(([name, version]) => [
        name,
        { name, version, body: new TextEncoder().encode(version) },
      ]),
    );
  const snapshot: Snapshot = {
    ...emptySnapshot,
    ...Object.fromEntries(resourceTypes.map((type) => [type, of(type)])),
  };
  return viewOf(snapshot, undefined, (type, { name }) => {
    const own = type === "cluster" && snapshot.endpoint.has(name) ? { endpoint: [name] } : {};
    return { ...own, ...names[`${type}/${name}`] };
  });
}

/** What a test says of a request; the rest is empty. */
export type Said = Partial<Omit<Request, "typeUrl" | "initialVersions" | "refusal">> & {
  readonly typeUrl?: string;
  readonly holds?: Readonly<Record<string, string>>;
  readonly refuses?: string;
};

/** A client that keeps what it is told, and answers only when the test says so. */
export class Conversation {
  state: StreamState;
  view: View | undefined;
  readonly effects: Effect[] = [];
  readonly #nonces = new Map<ResourceType, string>();
  #first = true;

  constructor(view: View | undefined, refused: Refused = {}) {
    this.view = view;
    this.state = openStream("s", { refused });
  }

  /** Sends a request; returns what it is told, such as `["cluster +a@1 -b"]`. */
  say(type: ResourceType, said: Said = {}): string[] {
    const request: Request = {
      node: this.#first ? edge : undefined,
      typeUrl: typeUrls[type],
      subscribe: [],
      unsubscribe: [],
      nonce: "",
      refusal: said.refuses === undefined ? undefined : { code: 3, message: said.refuses },
      initialVersions: new Map(Object.entries(said.holds ?? {})),
      ...withoutExtras(said),
    };
    this.#first = false;
    return this.#apply(onRequest(this.state, request, this.view));
  }

  ack(type: ResourceType): string[] {
    return this.say(type, { nonce: this.nonce(type) });
  }

  nack(type: ResourceType, refuses = "bad"): string[] {
    return this.say(type, { nonce: this.nonce(type), refuses });
  }

  /** The model changes. */
  change(view: View): string[] {
    this.view = view;
    return this.#apply(onView(this.state, view));
  }

  /** ACKs all that is told, until nothing more is; returns all that was told on the way. */
  settle(told: readonly string[]): string[] {
    const all = [...told];
    // The list grows while it is read: an ACK may bring more.
    for (const line of all) {
      const type = resourceTypes.find((each) => line.startsWith(each));
      if (type !== undefined) all.push(...this.ack(type));
    }
    return all;
  }

  /** The nonce of the last response of a type. */
  nonce(type: ResourceType): string {
    return this.#nonces.get(type) ?? "";
  }

  kinds(): string[] {
    return this.effects.map(({ kind }) => kind);
  }

  #apply({ next, effects }: ReturnType<typeof onView>): string[] {
    this.state = next;
    this.effects.push(...effects);
    return effects.flatMap((effect) => {
      if (effect.kind !== "send") return [];
      const { type, nonce, resources, removed } = effect.response;
      this.#nonces.set(type, nonce);
      const names = [...resources, ...removed.map((name) => ({ name }))].map(({ name }) => name);
      expect(new Set(names).size, "A13: a name stands once").to.equal(names.length);
      const added = resources.map(({ name, version }) => ` +${name}@${version}`);
      return [`${type}${[...added, ...removed.map((name) => ` -${name}`)].join("")}`];
    });
  }
}

/** A gateway that holds all of a view: clusters, endpoints, the listener `l` and the route `r`. */
export function connected(view: View): Conversation {
  const client = new Conversation(view);
  const subscribe = [...view.snapshot.endpoint.keys()];
  client.settle(client.say("cluster"));
  if (subscribe.length > 0) client.settle(client.say("endpoint", { subscribe }));
  client.settle(client.say("listener"));
  client.settle(client.say("route", { subscribe: ["r"] }));
  return client;
}

function withoutExtras({ holds: _holds, refuses: _refuses, ...rest }: Said): Partial<Request> {
  return rest;
}
