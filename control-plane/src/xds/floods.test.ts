// Floods of streams and requests, over real gRPC.

import { systemClock } from "@smartcall/runtime";
import { expect } from "chai";
import { type JoinedBy, ownRates } from "../state/index.ts";
import { viewFrom } from "./conversation.test.ts";
import { longestName, mostNames, requestRate } from "./request-bounds.ts";
import { type RunningXds, ScriptedClient, startXds, until } from "./scripted-client.test.ts";

describe("floods", () => {
  let running: RunningXds;
  let good: ScriptedClient;
  let standing: number | undefined;
  const clients: ScriptedClient[] = [];
  const connect = (token?: string): ScriptedClient => {
    const client = new ScriptedClient(running.port, token);
    clients.push(client);
    return client;
  };

  beforeEach(async () => {
    running = await startXds({
      clock: { ...systemClock, now: () => standing ?? systemClock.now() },
      connectRate: { perSecond: 1_000, burst: 1_000 },
      mostStreams: 40,
    });
    running.xds.publish(viewFrom({ cluster: { a: "1" } }).snapshot, "start");
    good = connect();
    good.say("cluster", { node: "good" });
    expect(await good.take()).to.equal("cluster +a@1");
  });
  afterEach(async () => {
    standing = undefined;
    // Whatever happened, the node that did nothing wrong goes on being served.
    running.xds.publish(viewFrom({ cluster: { a: "2" } }).snapshot, "test");
    expect(await good.take()).to.equal("cluster +a@2");
    for (const client of clients.splice(0)) client.close();
    running.stop();
  });

  it("A82 of requests on one stream end it with RESOURCE_EXHAUSTED", async () => {
    const client = connect();
    // Else a slow machine takes so long to read them that more may come.
    standing = systemClock.now();
    for (let sent = 0; sent <= requestRate.burst + 500; sent++) {
      client.say("endpoint", { node: "fast", subscribe: ["a"] });
    }
    expect((await client.ended).code).to.equal("RESOURCE_EXHAUSTED");
  });

  it("A82 of names end the stream with RESOURCE_EXHAUSTED, at once or one after another", async () => {
    const names = Array.from({ length: mostNames }, (_, index) => `n${index}`);
    const atOnce = connect();
    atOnce.say("endpoint", { node: "greedy", subscribe: [...names, "more"] });
    expect((await atOnce.ended).code).to.equal("RESOURCE_EXHAUSTED");
    const inTurn = connect();
    inTurn.say("endpoint", { node: "greedy", subscribe: names });
    inTurn.say("endpoint", { subscribe: ["more"] });
    expect((await inTurn.ended).code).to.equal("RESOURCE_EXHAUSTED");
  }).timeout(30_000);

  it("A82 of one name that is too long end the stream with RESOURCE_EXHAUSTED", async () => {
    const client = connect();
    client.say("endpoint", { node: "long", subscribe: ["x".repeat(longestName + 1)] });
    expect((await client.ended).code).to.equal("RESOURCE_EXHAUSTED");
  });

  it("A83 of bytes in one request end the stream with RESOURCE_EXHAUSTED", async () => {
    const client = connect();
    client.say("endpoint", { node: "large", refuses: "x".repeat(33 * 1024 * 1024) });
    expect((await client.ended).code).to.equal("RESOURCE_EXHAUSTED");
  }).timeout(30_000);

  it("A82 of streams of one node are refused with RESOURCE_EXHAUSTED, and others of it stay", async () => {
    const streams = Array.from({ length: 16 }, () => connect());
    for (const stream of streams) stream.say("cluster", { node: "same" });
    for (const stream of streams) expect(await stream.take()).to.equal("cluster +a@1");
    const more = connect();
    more.say("cluster", { node: "same" });
    expect((await more.ended).code).to.equal("RESOURCE_EXHAUSTED");
    expect(running.xds.load().streams).to.equal(17);
  });

  it("A82 of streams of many nodes are refused with RESOURCE_EXHAUSTED beyond a number", async () => {
    const streams = Array.from({ length: 39 }, () => connect());
    await until(() => running.xds.load().streams === 40);
    const more = connect();
    expect((await more.ended).code).to.equal("RESOURCE_EXHAUSTED");
    expect(streams).to.have.length(39);
  });

  it("A82 of streams of one agent's token are refused to it alone, and a gateway is served at once", async () => {
    running.stop();
    running = await startXds({ joinedBy: byName });
    running.xds.publish(viewFrom({ cluster: { a: "1" } }).snapshot, "start");
    const flood = Array.from({ length: ownRates.agent.burst + 200 }, () => connect("echo"));
    const refused: string[] = [];
    for (const { ended } of flood) void ended.then(({ code }) => refused.push(code));
    await until(() => refused.length > 100);
    expect(new Set(refused)).to.deep.equal(new Set(["RESOURCE_EXHAUSTED"]));
    const from = performance.now();
    good = connect();
    good.say("cluster", { node: "good" });
    expect(await good.take()).to.equal("cluster +a@1");
    expect(performance.now() - from).to.be.below(10_000);
    expect(running.xds.load().streams).to.be.within(
      ownRates.agent.burst,
      ownRates.agent.burst + 100,
    );
  }).timeout(30_000);

  it("A82 of strangers use up nothing that nodes of the mesh need", async () => {
    running.stop();
    running = await startXds({ connectRate: { perSecond: 1, burst: 2 } });
    running.xds.publish(viewFrom({ cluster: { a: "1" } }).snapshot, "start");
    for (let stranger = 0; stranger < 20; stranger++) {
      expect((await connect("wrong").ended).code).to.equal("UNAUTHENTICATED");
    }
    good = connect();
    good.say("cluster", { node: "good" });
    expect(await good.take()).to.equal("cluster +a@1");
  });
});

/** The mesh's own token is `join`; any other is an agent's of its own. */
const byName: JoinedBy = (authorization) => {
  const name = authorization?.replace("Bearer ", "") ?? "";
  const token = { id: name, subject: `agent/${name}`, expires: new Date(8.64e15) };
  return {
    ok: true,
    proof: name === "join" ? { kind: "owner" } : { kind: "agent", name, token },
  };
};
