// An Envoy in little, for tests: takes what is good of a response, refuses what is not.

import { resourceTypes } from "../snapshot/compare.ts";
import { type ResourceType, typeUrls } from "../snapshot/snapshot.ts";
import type { View } from "../snapshot/view.ts";
import { edge } from "./conversation.test.ts";
import { createLeftBehind } from "./left-behind.ts";
import { createRefusals } from "./refusals.ts";
import type { Interest, Request, Response } from "./request.ts";
import { readSotw } from "./sotw.ts";
import { onRequest, onView, openStream, type StreamState, type Turn } from "./stream.ts";
import type { Variant } from "./variant.ts";

const nothing: Interest = { subscribe: [], unsubscribe: [], initialVersions: new Map() };

/** A resource whose version says so is refused, as Envoy refuses what it cannot use. */
export function isBad(version: string): boolean {
  return version.startsWith("bad");
}

/**
 * Watches all clusters and listeners, the endpoints of each cluster that it
 * holds, and the extensions, routes and secrets that it is told to. What comes waits until
 * `deliver`; what it says arrives at once.
 */
export class SimulatedEnvoy {
  view: View;
  readonly variant: Variant;
  /** What it really holds. */
  readonly holds = new Map<ResourceType, Map<string, string>>();
  /** Secrets that it refused, and gives to any listener that comes next. */
  readonly poisoned = new Set<string>();
  /** Clusters that wait for their endpoints. */
  readonly warming = new Set<string>();
  readonly watched = new Map<ResourceType, Set<string>>([
    ["endpoint", new Set()],
    ["extension", new Set()],
    ["route", new Set()],
    ["secret", new Set()],
  ]);
  // What it says it holds when it comes back: only what it has ACKed.
  readonly #recorded = new Map<ResourceType, Map<string, string>>();
  #refusals = createRefusals();
  #leftBehind = createLeftBehind();
  // Of each type: the version that it ACKed last, and the nonce that came last on this stream.
  readonly #acked = new Map<ResourceType, string>();
  readonly #nonces = new Map<ResourceType, string>();
  #inbox: Response[] = [];
  #state: StreamState = openStream("0");
  #streams = 0;

  constructor(view: View, variant: Variant = "delta") {
    this.view = view;
    this.variant = variant;
    for (const type of resourceTypes) {
      this.holds.set(type, new Map());
      this.#recorded.set(type, new Map());
    }
    this.connect();
  }

  /** Begins a new stream; what was under way on the old one is lost. */
  connect(): void {
    this.#streams += 1;
    this.#inbox = [];
    this.#nonces.clear();
    this.#leftBehind.note(this.#state);
    this.#state = openStream(`${this.#streams}`, {
      variant: this.variant,
      refused: this.#refusals.of(edge),
      left: this.#leftBehind.of(edge),
    });
    for (const type of resourceTypes) {
      const subscribe = [...(this.watched.get(type) ?? [])];
      if (this.watched.has(type) && subscribe.length === 0) continue;
      this.#say(type, { ...nothing, subscribe, initialVersions: this.#of(this.#recorded, type) });
    }
  }

  /** Comes to another control plane, which remembers nothing. */
  restart(): void {
    this.#refusals = createRefusals();
    this.#state = openStream("0");
    this.#leftBehind = createLeftBehind();
    this.connect();
  }

  change(view: View): void {
    this.view = view;
    this.#turn(onView(this.#state, view));
  }

  watch(type: ResourceType, name: string): void {
    this.watched.get(type)?.add(name);
    this.#say(type, { ...nothing, subscribe: [name] });
  }

  unwatch(type: ResourceType, name: string): void {
    if (!this.watched.get(type)?.delete(name)) return;
    this.poisoned.delete(name);
    this.#of(this.holds, type).delete(name);
    this.#of(this.#recorded, type).delete(name);
    this.#say(type, { ...nothing, unsubscribe: [name] });
  }

  /** Reads one response and answers it; false if there is none. */
  deliver(): boolean {
    const response = this.#inbox.shift();
    if (response === undefined) return false;
    const { type, nonce, version } = response;
    const { resources, removed } = this.#news(response);
    this.#nonces.set(type, nonce);
    const poisoned = type === "listener" && this.poisoned.size > 0;
    const isRefused = (of: string): boolean => isBad(of) || poisoned;
    const refused = resources.some((each) => isRefused(each.version));
    if (!refused) this.#acked.set(type, version);
    for (const name of removed) this.#remove(type, name, refused);
    for (const { name, version } of resources) {
      if (!this.#watches(type, name)) continue;
      if (!isRefused(version)) this.#apply(type, name, version, refused);
      if (type !== "secret") continue;
      if (isBad(version)) this.poisoned.add(name);
      else this.poisoned.delete(name);
    }
    const refusal = refused ? { code: 3, message: "bad" } : undefined;
    this.#say(type, nothing, { nonce, refusal });
    return true;
  }

  // Of a response that is whole, it looks at what differs, and loses what is left out.
  #news({ type, resources, removed, whole }: Response): Pick<Response, "resources" | "removed"> {
    if (whole === undefined) return { resources, removed };
    const held = this.#of(this.holds, type);
    return {
      resources: [...whole.resources.values()].filter(
        ({ name, version }) => held.get(name) !== version,
      ),
      removed: [...held.keys()].filter((name) => !whole.resources.has(name)),
    };
  }

  #apply(type: ResourceType, name: string, version: string, refused: boolean): void {
    const isNew = this.#of(this.holds, type).get(name) !== version;
    this.#of(this.holds, type).set(name, version);
    if (!refused) this.#of(this.#recorded, type).set(name, version);
    if (type === "endpoint") this.warming.delete(name);
    if (type !== "cluster" || !isNew) return;
    this.warming.add(name);
    if (!this.watched.get("endpoint")?.has(name)) this.watch("endpoint", name);
  }

  #remove(type: ResourceType, name: string, refused: boolean): void {
    this.#of(this.holds, type).delete(name);
    if (!refused) this.#of(this.#recorded, type).delete(name);
    if (type !== "cluster") return;
    this.warming.delete(name);
    this.unwatch("endpoint", name);
  }

  #watches(type: ResourceType, name: string): boolean {
    return this.watched.get(type)?.has(name) ?? true;
  }

  #say(type: ResourceType, interest: Interest, answer?: Pick<Request, "nonce" | "refusal">): void {
    const rest = answer ?? { nonce: "", refusal: undefined };
    const said = { node: edge, typeUrl: typeUrls[type], ...rest };
    const request = this.variant === "delta" ? { ...said, ...interest } : this.#listed(type, said);
    if (request !== undefined) this.#turn(onRequest(this.#state, request, this.view));
  }

  // The request that lists all its names, with the nonce of what came last.
  #listed(type: ResourceType, said: Omit<Request, keyof Interest>): Request | undefined {
    const names = [...(this.watched.get(type) ?? [])];
    const version = this.#acked.get(type) ?? "";
    const nonce = this.#nonces.get(type) ?? "";
    return readSotw(this.#state, { ...said, names, version, nonce }, this.view);
  }

  #turn({ next, effects }: Turn): void {
    this.#state = next;
    for (const effect of effects) {
      if (effect.kind === "send") this.#inbox.push(effect.response);
      if (effect.kind === "nacked" || effect.kind === "acked") {
        for (const type of resourceTypes) {
          this.#refusals.note(edge, type, next.types[type].refused);
        }
      }
    }
  }

  #of(
    maps: ReadonlyMap<ResourceType, Map<string, string>>,
    type: ResourceType,
  ): Map<string, string> {
    return maps.get(type) ?? new Map();
  }
}
