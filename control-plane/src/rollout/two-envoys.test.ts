import { once } from "node:events";
import { connect } from "node:http2";
import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import type { View } from "../snapshot/index.ts";
import type { Origin } from "../source/origin.ts";
import {
  type Backend,
  cluster,
  resourceOf,
  snapshotOfWorld,
  startBackend,
  type World,
} from "../xds/envoy-sketch.test.ts";
import {
  call,
  callWithoutRest,
  freePort,
  type RunningEnvoy,
  startEnvoy,
} from "../xds/running-envoy.test.ts";
import { type RunningXds, startXds } from "../xds/scripted-client.test.ts";
import type { Said } from "./rollout.ts";
import { type Rollouts, runRollouts } from "./run-rollout.ts";

const at = (line: number): Origin => ({ file: "mesh.yaml", line, column: 5 });

/** The view as a gateway sees it that cannot use the cluster `picky`, which others can. */
function picky(view: View): View {
  if (!view.snapshot.cluster.has("picky")) return view;
  const json = { name: "picky", type: "STATIC", connectTimeout: "-1s" };
  const bad = new Map([...view.snapshot.cluster, ["picky", resourceOf("cluster", "picky", json)]]);
  return { ...view, snapshot: { ...view.snapshot, cluster: bad } };
}

describe("a rollout on two real Envoys", function () {
  this.timeout(60_000);
  let running: RunningXds;
  let rollouts: Rollouts<Partial<World>> | undefined;
  let envoys: readonly RunningEnvoy[] = [];
  let backends: readonly Backend[] = [];
  let said: Said<Partial<World>>[] = [];
  let wake = (): void => undefined;
  let port = 0;
  let world: World;
  let isPicky = true;

  /** Proposes a change of the world; what is said, when it is taken or refused. */
  const propose = async (change: Partial<World>) => {
    said = [];
    rollouts?.propose(change);
    for (;;) {
      const end = said.find(({ kind }) => kind === "taken" || kind === "refused");
      if (end !== undefined) return end;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  const dumps = (path: string): Promise<string[]> =>
    Promise.all(envoys.map((envoy) => envoy.admin(path)));
  /** The sketch's route table, and before its catch-all one route for each regular expression. */
  const table = (regexes: readonly string[]) => ({
    ...resourceOf("route", "edge", {
      name: "edge",
      virtualHosts: [
        {
          name: "all",
          domains: ["*"],
          routes: [
            ...regexes.map((regex) => ({
              match: { safeRegex: { regex } },
              route: { cluster: "two" },
            })),
            { match: { prefix: "/" }, route: { cluster: "one" } },
          ],
        },
      ],
    }),
    parts: [...regexes.map((_, index) => at(100 + index)), at(1)],
  });

  before(async () => {
    port = await freePort();
    running = await startXds({
      moved: () => rollouts?.moved(),
      viewFor: ({ id }, view) => (id === "g2" && isPicky ? picky(view) : view),
    });
    const [one, two] = await Promise.all([startBackend("one"), startBackend("two")]);
    backends = [one, two];
    world = { listenOn: port, clusters: { one: [one.port], two: [two.port] }, to: "one" };
    const options = {
      xds: running.xds,
      clock: systemClock,
      snapshotOf: (change: Partial<World>) => snapshotOfWorld({ ...world, ...change }),
      said: (what: Said<Partial<World>>) => {
        said.push(what);
        wake();
      },
      broken: (problems: readonly string[]) => expect.fail(problems.join()),
      defer: setImmediate,
    };
    rollouts = runRollouts(options, {}, undefined);
    rollouts.start();
    envoys = await Promise.all([startEnvoy(running.port, "g1"), startEnvoy(running.port, "g2")]);
    const end = Date.now() + 10_000;
    while (running.xds.progress().filter(({ answered }) => answered).length < 2) {
      if (Date.now() > end) throw new Error("the gateways do not come");
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  after(async () => {
    rollouts?.close();
    for (const envoy of envoys) await envoy.stop();
    running.stop();
    for (const backend of backends) backend.stop();
  });

  it("proves with the first gateways what they were given at the start", () => {
    expect(said.map(({ kind }) => kind)).to.deep.equal(["proven"]);
  });

  it("O7 reaches one, then the other, under load without a failed call", async () => {
    const stop = callWithoutRest(port);
    for (const connectSeconds of [2, 3, 4]) {
      expect(await propose({ connectSeconds })).to.deep.include({
        kind: "taken",
        nodes: ["g1", "g2"],
        silent: [],
      });
      expect(said[0]).to.deep.include({ kind: "staged", node: "g1" });
      for (const dump of await dumps("/config_dump?resource=dynamic_active_clusters")) {
        expect(dump).to.include(`"${connectSeconds}s"`);
      }
    }
    expect([...(await stop()).keys()]).to.deep.equal(["one"]);
  });

  it("A72 finds the one bad route of forty on the gateway that refused, where no call meets it", async () => {
    const good = Array.from({ length: 40 }, (_, index) => `/${index}`);
    expect((await propose({ instead: { route: [table(good)] } })).kind).to.equal("taken");
    // A route for every path comes first: it must not take a call while it is tried.
    const bad = ["/.*", ...good.map((regex) => `${regex}!`)].with(30, "/(unclosed");
    const stop = callWithoutRest(port);
    const change = { instead: { route: [table(bad)] } };
    const end = await propose(change);
    if (end.kind !== "refused" || end.refusal.by !== "gateway") throw new Error(end.kind);
    expect(end.refusal).to.deep.include({ node: "g1", part: 30 });
    expect(end.refusal.resources.map(({ message }) => message).join()).to.include("unclosed");
    expect(rollouts?.originsOf(change, end.refusal)).to.deep.equal([at(130)]);
    expect([...(await stop()).keys()]).to.deep.equal(["one"]);
    for (const dump of await dumps("/config_dump?resource=dynamic_route_configs")) {
      expect(dump).to.include('"/39"').and.not.include("a trial").and.not.include("/39!");
    }
  });

  it("refuses a request that names the host of the trial", async () => {
    expect(await call(port, undefined, "a trial")).to.match(/^400/);
    const session = connect(`http://127.0.0.1:${port}`);
    const stream = session.request({ ":path": "/", ":authority": "a trial" });
    let status: number | undefined;
    stream.on("error", () => undefined);
    stream.on("response", (headers) => {
      status = headers[":status"];
    });
    await once(stream, "close");
    session.destroy();
    // A reset is a refusal as well.
    expect(status).to.be.oneOf([400, undefined]);
  });

  it("goes back on both where the second refuses what the first took", async () => {
    const [one] = backends.map((backend) => backend.port);
    const stop = callWithoutRest(port);
    const clusters = { ...world.clusters, picky: [one ?? 0] };
    const end = await propose({ clusters });
    if (end.kind !== "refused" || end.refusal.by !== "gateway") throw new Error(end.kind);
    expect(said.map(({ kind }) => kind)).to.deep.equal(["staged", "refused"]);
    expect(end.refusal.node).to.equal("g2");
    expect(end.refusal.resources.map(({ type, name }) => `${type} ${name}`)).to.deep.equal([
      "cluster picky",
    ]);
    for (const clusterPage of await dumps("/clusters")) {
      expect(clusterPage)
        .to.match(/^one::/m)
        .and.not.match(/^picky::/m);
    }
    expect([...(await stop()).keys()]).to.deep.equal(["one"]);
    // An operator may ask for the same again once the gateway can take it.
    isPicky = false;
    expect((await propose({ clusters })).kind).to.equal("taken");
    await propose({});
  });

  it("lets endpoints flow while a change is under way", async () => {
    const ended = propose({ instead: { cluster: [cluster("one", 9), cluster("two", 9)] } });
    const [, two] = backends.map((backend) => backend.port);
    world = { ...world, clusters: { one: [two ?? 0], two: [two ?? 0] } };
    rollouts?.refresh("lease");
    const generation = rollouts?.generation() ?? 0;
    expect(await running.xds.acked(generation, 5000)).to.equal("acked");
    expect((await ended).kind).to.equal("taken");
    expect(await call(port)).to.equal("two");
  });
});
