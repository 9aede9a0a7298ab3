import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import { type Backend, startBackend } from "../xds/envoy-sketch.test.ts";
import { freePort, type RunningEnvoy, startEnvoy } from "../xds/running-envoy.test.ts";
import { type RunningXds, startXds } from "../xds/scripted-client.test.ts";
import {
  badGuard,
  badPair,
  goodGuard,
  makePair,
  type SecureWorld,
  secureCall,
  snapshotOfSecureWorld,
} from "../xds/secure-sketch.test.ts";
import type { Said } from "./rollout.ts";
import { type Rollouts, runRollouts } from "./run-rollout.ts";

describe("what a real Envoy refuses of a listener's certificate and filter", function () {
  this.timeout(60_000);
  let running: RunningXds;
  let rollouts: Rollouts<SecureWorld>;
  let envoy: RunningEnvoy;
  let backend: Backend;
  let good: SecureWorld;
  let said: Said<SecureWorld>[] = [];
  let wake = (): void => undefined;

  const propose = async (candidate: SecureWorld) => {
    said = [];
    rollouts.propose(candidate);
    for (;;) {
      const end = said.find(({ kind }) => kind === "taken" || kind === "refused");
      if (end !== undefined) return end;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };
  /** What a refused candidate is refused for, such as `secret cert`. */
  const refusedFor = async (candidate: SecureWorld): Promise<readonly string[]> => {
    const end = await propose(candidate);
    if (end.kind !== "refused" || end.refusal.by !== "gateway") {
      return expect.fail(JSON.stringify(end));
    }
    return end.refusal.resources.map(({ type, name }) => `${type} ${name}`);
  };
  const answers = async (port: number, answer: string): Promise<void> => {
    const end = Date.now() + 5000;
    for (;;) {
      const got = await secureCall(port);
      if (got === answer) return;
      if (Date.now() > end) expect(got, `on port ${port}`).to.equal(answer);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };
  /** Every gateway holds what is good, and nothing is refused any more. */
  const expectAllGood = async (): Promise<void> => {
    await answers(good.listenOn, "one as first");
    expect(
      running.xds.progress().map(({ answered, refused }) => [answered, refused]),
    ).to.deep.equal([[true, []]]);
  };

  before(async () => {
    running = await startXds({ moved: () => rollouts?.moved() });
    backend = await startBackend("one");
    good = {
      listenOn: await freePort(),
      clusters: { one: [backend.port] },
      to: "one",
      pair: await makePair("first"),
      guard: goodGuard,
    };
    const options = {
      xds: running.xds,
      clock: systemClock,
      snapshotOf: snapshotOfSecureWorld,
      said: (what: Said<SecureWorld>) => {
        said.push(what);
        wake();
      },
      broken: (problems: readonly string[]) => expect.fail(problems.join()),
      defer: setImmediate,
    };
    rollouts = runRollouts(options, good, undefined);
    rollouts.start();
    envoy = await startEnvoy(running.port, "edge");
    await answers(good.listenOn, "one as first");
  });
  after(async () => {
    rollouts.close();
    await envoy.stop();
    running.stop();
    backend.stop();
  });

  it("goes back where a certificate is refused, and listens as before when it is changed next", async () => {
    expect(await refusedFor({ ...good, pair: badPair })).to.deep.equal(["secret cert"]);
    await expectAllGood();
    const moved = { ...good, listenOn: await freePort() };
    expect((await propose(moved)).kind, JSON.stringify(said)).to.equal("taken");
    await answers(moved.listenOn, "one as first");
    expect((await propose(good)).kind).to.equal("taken");
    await expectAllGood();
  });

  it("goes back where a certificate is refused together with a listener that moves", async () => {
    const moved = { ...good, listenOn: await freePort(), pair: badPair };
    expect(await refusedFor(moved)).to.deep.equal(["secret cert"]);
    await expectAllGood();
    expect(await secureCall(moved.listenOn)).to.match(/ECONNREFUSED/);
  });

  it("goes back where a filter is refused, alone and with a listener that moves", async () => {
    expect(await refusedFor({ ...good, guard: badGuard })).to.deep.equal(["extension guard"]);
    await expectAllGood();
    const moved = { ...good, listenOn: await freePort(), guard: badGuard };
    expect(await refusedFor(moved)).to.deep.equal(["extension guard"]);
    await expectAllGood();
    expect(await secureCall(moved.listenOn)).to.match(/ECONNREFUSED/);
  });

  it("takes a good file after a refused one, with another certificate and port at once", async () => {
    expect(await refusedFor({ ...good, pair: badPair })).to.deep.equal(["secret cert"]);
    const other = { ...good, listenOn: await freePort(), pair: await makePair("second") };
    expect((await propose(other)).kind, JSON.stringify(said)).to.equal("taken");
    await answers(other.listenOn, "one as second");
    expect((await propose(good)).kind).to.equal("taken");
    await expectAllGood();
  });
});
