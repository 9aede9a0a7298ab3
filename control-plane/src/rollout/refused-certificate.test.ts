import { once } from "node:events";
import { createServer } from "node:net";
import { expect } from "chai";
import { freePort } from "../xds/running-envoy.test.ts";
import { until } from "../xds/scripted-client.test.ts";
import { badGuard, badPair, makePair } from "../xds/secure-sketch.test.ts";
import { EnvoyRig } from "./envoy-rig.test.ts";

describe("what a real Envoy refuses of a listener's certificate and filter", function () {
  this.timeout(60_000);
  let rig: EnvoyRig;
  before(async () => {
    rig = await EnvoyRig.start();
    await rig.connect();
    await rig.answers(rig.good.listenOn, "one as first");
  });
  after(() => rig.stop());

  it("goes back where a certificate is refused, and listens as before when it is changed next", async () => {
    expect(await rig.refusedFor({ ...rig.good, pair: badPair })).to.deep.equal(["secret cert"]);
    await rig.expectAllGood();
    const moved = { ...rig.good, listenOn: await freePort() };
    expect((await rig.propose(moved)).kind).to.equal("taken");
    await rig.answers(moved.listenOn, "one as first");
    expect((await rig.propose({ ...rig.good })).kind).to.equal("taken");
    await rig.expectAllGood();
  });

  it("goes back where a certificate is refused together with a listener that moves", async () => {
    const moved = { ...rig.good, listenOn: await freePort(), pair: badPair };
    expect(await rig.refusedFor(moved)).to.deep.equal(["secret cert"]);
    await rig.expectAllGood();
    await rig.answers(moved.listenOn, /ECONNREFUSED/);
  });

  it("goes back where a filter is refused, alone and with a listener that moves", async () => {
    expect(await rig.refusedFor({ ...rig.good, guard: badGuard })).to.deep.equal([
      "extension guard",
    ]);
    await rig.expectAllGood();
    const moved = { ...rig.good, listenOn: await freePort(), guard: badGuard };
    expect(await rig.refusedFor(moved)).to.deep.equal(["extension guard"]);
    await rig.expectAllGood();
    await rig.answers(moved.listenOn, /ECONNREFUSED/);
  });

  it("takes a good file after a refused one, with another certificate and port at once", async () => {
    expect(await rig.refusedFor({ ...rig.good, pair: badPair })).to.deep.equal(["secret cert"]);
    const other = { ...rig.good, listenOn: await freePort(), pair: await makePair("second") };
    expect((await rig.propose(other)).kind).to.equal("taken");
    await rig.answers(other.listenOn, "one as second");
    expect((await rig.propose({ ...rig.good })).kind).to.equal("taken");
    await rig.expectAllGood();
  });

  it("takes the correction that comes right behind a change that would be refused", async () => {
    const bad = { ...rig.good, listenOn: await freePort(), pair: badPair };
    const better = { ...rig.good, listenOn: await freePort() };
    const [first, second] = await Promise.all([rig.propose(bad), rig.propose(better)]);
    expect([first.kind, second.kind]).to.deep.equal(["superseded", "taken"]);
    await rig.answers(better.listenOn, "one as first");
    expect((await rig.propose({ ...rig.good })).kind).to.equal("taken");
    await rig.expectAllGood();
  });

  it("goes back as well where the gateway dies while it tries the change, and comes again", async () => {
    const bad = { ...rig.good, listenOn: await freePort(), pair: badPair };
    const ended = rig.propose(bad);
    await rig.kill();
    expect((await ended).kind).to.be.oneOf(["taken", "refused"]);
    await rig.connect();
    // Taken, since nobody was there to try it: the first that comes is the one to refuse it.
    await until(() =>
      rig.said.some(({ kind, candidate }) => kind === "refused" && candidate === bad),
    );
    await rig.expectAllGood();
  });
});

describe("a real Envoy that cannot use what no change touches", function () {
  this.timeout(60_000);
  it("does not count as having taken a change, and does once it can", async () => {
    const rig = await EnvoyRig.start();
    const other = createServer().listen(rig.good.listenOn, "127.0.0.1");
    await once(other, "listening");
    try {
      await rig.connect();
      await until(() => rig.refused()?.length === 1);
      expect(rig.refused()).to.deep.equal(["listener edge"]);
      const end = await rig.propose({ ...rig.good, connectSeconds: 2 });
      if (end.kind !== "taken") return expect.fail(end.kind);
      expect(end.nodes).to.deep.equal([]);
      expect(end.refusing.map(({ node, resources }) => [node, resources.length])).to.deep.equal([
        ["edge", 1],
      ]);
      other.close();
      await once(other, "close");
      expect(await rig.propose({ ...rig.good, connectSeconds: 2 })).to.deep.include({
        kind: "taken",
        nodes: ["edge"],
        refusing: [],
      });
      await rig.expectAllGood();
    } finally {
      other.close();
      await rig.stop();
    }
    return undefined;
  });
});
