import { expect } from "chai";
import fc from "fast-check";
import type { Resource, ResourceType } from "../snapshot/snapshot.ts";
import type { View } from "../snapshot/view.ts";
import { type Names, type Sketch, viewFrom } from "./conversation.test.ts";
import { isBad, SimulatedEnvoy } from "./simulated-envoy.test.ts";
import type { Variant } from "./variant.ts";

const clusters = ["a", "b", "c", "d"];
const routes = ["r", "s"];
const secrets = ["k", "m"];
const extensions = ["x"];

/** What one step does; an edit gives each kind of resource that it lists a newer version. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant("deliver" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("reconnect" as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant("edit" as const),
      clusters: fc.subarray(clusters),
      touched: fc.subarray([
        ...clusters,
        ...secrets,
        ...extensions,
        "endpoints of a",
        "endpoints of b",
        "l",
        "r",
      ]),
      bad: fc.subarray([...clusters, "r", "endpoints of a", "k", "x"], { maxLength: 2 }),
      listener: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom("watch" as const, "unwatch" as const),
      name: fc.constantFrom(...routes, ...secrets),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** A model that is edited; each edit of a resource gives it a version it never had. */
class Model {
  #edits = 0;
  readonly #versions = new Map<string, string>();
  /** The last good version of each. */
  readonly #before = new Map<string, string>();
  #clusters: readonly string[] = ["a"];
  #listener = true;
  /** Which clusters each version of a route names. */
  readonly targets = new Map<string, readonly string[]>();

  edit({ clusters, touched, bad, listener }: Extract<Step, { do: "edit" }>): View {
    this.#edits += 1;
    for (const name of this.#clusters) if (!clusters.includes(name)) this.#forget(name);
    this.#clusters = clusters;
    this.#listener = listener;
    for (const name of [...touched, ...bad]) {
      const before = this.#versions.get(name) ?? "good0";
      if (!isBad(before)) this.#before.set(name, before);
      this.#versions.set(name, `${bad.includes(name) ? "bad" : "good"}${this.#edits}`);
    }
    // Routes name every cluster there is, so they change with them.
    if (!bad.includes("r")) this.#versions.set("r", `good${this.#edits}`);
    return this.view();
  }

  /** Makes good whatever is bad. */
  fix(): View {
    this.#edits += 1;
    for (const [name, version] of this.#versions) {
      if (!isBad(version)) continue;
      // A certificate goes back to the one that it was before.
      const before = secrets.includes(name) ? this.#before.get(name) : undefined;
      this.#versions.set(name, before ?? `good${this.#edits}`);
    }
    return this.view();
  }

  view(): View {
    const version = (name: string): string => this.#versions.get(name) ?? "good0";
    const of = (names: readonly string[], key = (name: string): string => name) =>
      Object.fromEntries(names.map((name) => [name, version(key(name))]));
    const sketch: Sketch = {
      cluster: of(this.#clusters),
      endpoint: of(this.#clusters, (name) => `endpoints of ${name}`),
      listener: this.#listener ? of(["l"]) : {},
      extension: of(extensions),
      route: of(["r"]),
      secret: of(secrets),
    };
    this.targets.set(version("r"), this.#clusters);
    const names: Names = {
      "route/r": { cluster: this.#clusters },
      "listener/l": { extension: extensions, route: ["r"], secret: secrets },
    };
    return viewFrom(sketch, names);
  }

  #forget(name: string): void {
    this.#versions.set(name, `good${this.#edits}`);
    this.#versions.set(`endpoints of ${name}`, `good${this.#edits}`);
  }
}

/**
 * No route that Envoy holds leads to a cluster without endpoints. What one holds that
 * comes from a control plane of an earlier time, only delta tells.
 */
function expectNoRouteLeadsNowhere(envoy: SimulatedEnvoy, model: Model): void {
  for (const version of envoy.holds.get("route")?.values() ?? []) {
    for (const name of model.targets.get(version) ?? []) {
      expect(envoy.holds.get("cluster")?.has(name), `cluster ${name}`).to.equal(true);
      expect(envoy.holds.get("endpoint")?.has(name), `endpoints of ${name}`).to.equal(true);
    }
  }
}

function expectHoldsModel(envoy: SimulatedEnvoy): void {
  const versions = (resources: ReadonlyMap<string, Resource>, type: ResourceType) =>
    Object.fromEntries(
      [...resources.values()]
        .filter(({ name }) => envoy.watched.get(type)?.has(name) ?? true)
        .map(({ name, version }) => [name, version]),
    );
  for (const type of ["cluster", "endpoint", "extension", "listener", "route", "secret"] as const) {
    const held = Object.fromEntries(envoy.holds.get(type) ?? []);
    expect(held, type).to.deep.equal(versions(envoy.view.snapshot[type], type));
  }
  expect(envoy.holds.get("extension")?.size, "extensions that are held").to.equal(1);
  expect([...envoy.poisoned], "no listener is built with what was refused").to.deep.equal([]);
  expect([...envoy.warming], "A51: nothing is left warming").to.deep.equal([]);
}

/** Random edits, deliveries, refusals, reconnects and restarts, so many times over. */
export function expectEndsWithTheModel(variant: Variant, runs: number): void {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const model = new Model();
      const envoy = new SimulatedEnvoy(model.view(), variant);
      let knows = true;
      const expectNoLoss = (): void => {
        if (knows) expectNoRouteLeadsNowhere(envoy, model);
      };
      envoy.watch("extension", "x");
      envoy.watch("route", "r");
      envoy.watch("secret", "k");
      for (const each of steps) {
        if (each.do === "deliver") envoy.deliver();
        else if (each.do === "reconnect") envoy.connect();
        else if (each.do === "restart") {
          envoy.restart();
          knows &&= variant === "delta";
        } else if (each.do === "edit") envoy.change(model.edit(each));
        else {
          const type = routes.includes(each.name) ? "route" : "secret";
          if (each.do === "watch") envoy.watch(type, each.name);
          // The route that the listener names stays watched, as in a real Envoy.
          else if (each.name !== "r") envoy.unwatch(type, each.name);
        }
        expectNoLoss();
      }
      envoy.change(model.fix());
      let left = 10_000;
      while (envoy.deliver()) {
        left -= 1;
        expect(left, "B06: it goes quiet").to.be.greaterThan(0);
        expectNoLoss();
      }
      expectHoldsModel(envoy);
    }),
    { numRuns: runs },
  );
}
