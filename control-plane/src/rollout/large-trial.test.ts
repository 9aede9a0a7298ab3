import type { JsonValue } from "@bufbuild/protobuf";
import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import type { Origin } from "../source/origin.ts";
import {
  type Backend,
  resourceOf,
  snapshotOfWorld,
  startBackend,
  type World,
} from "../xds/envoy-sketch.test.ts";
import { call, freePort, type RunningEnvoy, startEnvoy } from "../xds/running-envoy.test.ts";
import { type RunningXds, startXds } from "../xds/scripted-client.test.ts";
import { answerMs, type Said } from "./rollout.ts";
import { type Rollouts, runRollouts } from "./run-rollout.ts";

const size = 5_000;
const at = (line: number): Origin => ({ file: "mesh.yaml", line, column: 5 });

/** A table of very many routes, each different from those of another edition; one may be bad. */
function largeTable(edition: string, bad?: number) {
  // Weights of which each is good, and only their sum is not.
  const clusters = Array.from({ length: size }, () => ({ name: "one", weight: 1_000_000 }));
  const route = (index: number): JsonValue => ({
    match: { path: `/${edition}/${index}` },
    route: index === bad ? { weightedClusters: { clusters } } : { cluster: "one" },
  });
  const routes = [
    ...Array.from({ length: size }, (_, index) => route(index)),
    { match: { prefix: "/" }, route: { cluster: "one" } },
  ];
  const virtualHosts = [{ name: "all", domains: ["*"], routes }];
  const table = resourceOf("route", "edge", { name: "edge", virtualHosts });
  return { ...table, parts: routes.map((_, index) => at(index + 1)) };
}

describe("A72 with a very large table on a real Envoy", function () {
  this.timeout(60_000);
  let running: RunningXds;
  let rollouts: Rollouts<World>;
  let envoy: RunningEnvoy;
  let backend: Backend;
  let world: World;
  let end: ((said: Said<World>) => void) | undefined;

  const propose = (candidate: World): Promise<Said<World>> =>
    new Promise((resolve) => {
      end = resolve;
      rollouts.propose(candidate);
    });

  before(async () => {
    running = await startXds({ moved: () => rollouts?.moved() });
    backend = await startBackend("one");
    world = { listenOn: await freePort(), clusters: { one: [backend.port] }, to: "one" };
    const options = {
      xds: running.xds,
      clock: systemClock,
      snapshotOf: snapshotOfWorld,
      said: (what: Said<World>) => {
        if (what.kind === "taken" || what.kind === "refused") end?.(what);
      },
      broken: (problems: readonly string[]) => expect.fail(problems.join()),
      defer: setImmediate,
    };
    rollouts = runRollouts(options, world, undefined);
    rollouts.start();
    envoy = await startEnvoy(running.port, "edge");
    const until = Date.now() + 10_000;
    while ((await call(world.listenOn)) !== "one") {
      if (Date.now() > until) throw new Error("the gateway does not come");
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });
  after(async () => {
    rollouts.close();
    await envoy.stop();
    running.stop();
    backend.stop();
  });

  it("finds the one bad route, and lets nobody wait for what we work out", async () => {
    const good = { ...world, instead: { route: [largeTable("old")] } };
    expect((await propose(good)).kind).to.equal("taken");
    const bad = { ...world, instead: { route: [largeTable("new", 4_321)] } };
    const from = Date.now();
    const said = await propose(bad);
    if (said.kind !== "refused" || said.refusal.by !== "gateway") throw new Error(said.kind);
    expect(said.refusal.part).to.equal(4_321);
    expect(said.refusal.resources.map(({ message }) => message).join()).to.include(
      "sum of weights",
    );
    expect(rollouts.originsOf(bad, said.refusal)).to.deep.equal([at(4_322)]);
    expect(said.astray).to.deep.equal([]);
    expect(Date.now() - from).to.be.lessThan(answerMs);
    expect(await call(world.listenOn)).to.equal("one");
  });
});
