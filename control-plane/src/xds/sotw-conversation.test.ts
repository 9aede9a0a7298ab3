// A client's side of one state-of-the-world stream, for tests: all its names each time.

import { resourceTypes } from "../snapshot/compare.ts";
import { type ResourceType, typeUrls } from "../snapshot/snapshot.ts";
import type { View } from "../snapshot/view.ts";
import { edge } from "./conversation.test.ts";
import { readSotw } from "./sotw.ts";
import { type Beginning, type Effect, onRequest, onView, openStream, type Turn } from "./stream.ts";

/** What a test says of a request: else all is as the client said it last, and nothing is refused. */
export interface SotwLine {
  readonly names?: readonly string[];
  readonly version?: string;
  readonly nonce?: string;
  readonly refuses?: string;
}

/** A client that keeps what it is told, and answers only when the test says so. */
export class SotwConversation {
  state;
  view: View | undefined;
  readonly effects: Effect[] = [];
  readonly #names = new Map<ResourceType, readonly string[]>();
  readonly #last = new Map<ResourceType, { readonly nonce: string; readonly version: string }>();
  readonly #acked = new Map<ResourceType, string>();

  constructor(view: View | undefined, beginning: Beginning = {}) {
    this.view = view;
    this.state = openStream("s", { variant: "sotw", ...beginning });
  }

  /** Sends a request; returns what it is told, such as `["cluster a@1 b@1"]`. */
  say(type: ResourceType, line: SotwLine = {}): string[] {
    const names = line.names ?? this.#names.get(type) ?? [];
    this.#names.set(type, names);
    const request = {
      node: edge,
      typeUrl: typeUrls[type],
      names,
      version: line.version ?? this.#acked.get(type) ?? "",
      nonce: line.nonce ?? this.nonce(type),
      refusal: line.refuses === undefined ? undefined : { code: 3, message: line.refuses },
    };
    const read = readSotw(this.state, request, this.view);
    return read === undefined ? [] : this.#apply(onRequest(this.state, read, this.view));
  }

  /** Takes the last response of a type, and says so, perhaps with other names. */
  ack(type: ResourceType, names?: readonly string[]): string[] {
    this.#acked.set(type, this.version(type));
    return this.say(type, names === undefined ? {} : { names });
  }

  nack(type: ResourceType, refuses = "bad"): string[] {
    return this.say(type, { refuses });
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
    return this.#last.get(type)?.nonce ?? "";
  }

  /** The version of the last response of a type. */
  version(type: ResourceType): string {
    return this.#last.get(type)?.version ?? "";
  }

  #apply({ next, effects }: Turn): string[] {
    this.state = next;
    this.effects.push(...effects);
    return effects.flatMap((effect) => {
      if (effect.kind !== "send") return [];
      const { type, nonce, version, resources, whole } = effect.response;
      this.#last.set(type, { nonce, version });
      const told = [...(whole?.resources.values() ?? resources)];
      return [[type, ...told.map((each) => `${each.name}@${each.version}`).sort()].join(" ")];
    });
  }
}

/** A gateway that holds all of a view: clusters, endpoints, the listener `l` and the route `r`. */
export function connectedSotw(view: View): SotwConversation {
  const client = new SotwConversation(view);
  const names = [...view.snapshot.endpoint.keys()];
  client.settle(client.say("cluster"));
  if (names.length > 0) client.settle(client.say("endpoint", { names }));
  client.settle(client.say("listener"));
  client.settle(client.say("route", { names: ["r"] }));
  return client;
}
