import type { JsonObject } from "@bufbuild/protobuf";
import { expect } from "chai";
import { patienceMs, pingMs, recheckMs } from "./bounds.ts";
import { eventuallySame } from "./testing/eventually-same.ts";
import { claims, type Rig, startRig, tokenOf } from "./testing/rig.ts";
import { valueAt } from "./testing/value-at.ts";

describe("the realtime service", function () {
  this.timeout(30_000);
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig();
  });
  afterEach(() => rig.stop());

  it("says first what the socket is for, and within which bounds", async () => {
    const caller = await rig.open({
      "smartcall-claims": claims("me", 2_000),
      "smartcall-largest": "1024",
    });
    const [ready] = await caller.awaits(1, () => true);
    expect(ready).to.deep.equal({
      type: "ready",
      agent: "echo",
      expires: "1970-01-01T00:33:20.000Z",
      limits: { conversations: 16, turnBytes: 1024 },
    });
  });

  it("sends with a turn the turns before it, of its own conversation alone", async () => {
    const caller = await rig.open();
    caller.say("one", "count");
    await caller.ends("one");
    caller.say("one", "count");
    await caller.ends("one", 2);
    caller.say("two", "count");
    await caller.ends("two");
    caller.send({ type: "end", conversation: "one" });
    caller.say("one", "count");
    await caller.ends("one", 3);
    expect(
      caller.frames.flatMap((frame) => valueAt(frame, "event", "delta", "content") ?? []),
    ).to.deep.equal(["1", "3", "1", "1"]);
  });

  it("runs several conversations at once, and one turn at a time in each", async () => {
    const caller = await rig.open();
    caller.say("held", "hold");
    await caller.awaits(1, ({ type }) => type === "event");
    caller.say("other", "count");
    await caller.ends("other");
    caller.say("held", "count");
    const [refused] = await caller.ends("held");
    expect(reasonOf(refused)).to.equal("TURN_RUNNING");
    rig.inside.release();
    const ends = await caller.ends("held", 2);
    expect(valueAt(ends[1], "event", "done", "finishReason")).to.equal("stop");
  });

  it("ends a cancelled turn with one last event, and stops its call", async () => {
    const caller = await rig.open();
    caller.say("c", "hold");
    await caller.awaits(1, ({ type }) => type === "event");
    caller.send({ type: "cancel", conversation: "c" });
    const [end] = await caller.ends("c");
    expect(valueAt(end, "event", "error", "code")).to.equal(1);
    expect(valueAt(end, "event", "sequence")).to.equal(2);
    caller.say("c", "count");
    await caller.ends("c", 2);
    expect(rig.inside.cancelled()).to.equal(1);
    // What was said before the cancel is remembered.
    expect(
      caller.frames.some((frame) => valueAt(frame, "event", "delta", "content") === "3"),
    ).to.equal(true);
  });

  it("says of an answer that broke off that it did, and of a refused turn why", async () => {
    const caller = await rig.open();
    caller.say("c", "break");
    const [broken] = await caller.ends("c");
    expect(valueAt(broken, "event", "error", "details", 0, "reason")).to.equal("STREAM_BROKEN");
    caller.say("c", "refuse");
    const [, refused] = await caller.ends("c", 2);
    expect(refused?.["type"]).to.equal("refused");
    expect(valueAt(refused, "error", "code")).to.equal(429);
    expect(reasonOf(refused)).to.equal("RATE_LIMITED");
    // Neither leaves a trace.
    caller.say("c", "count");
    await caller.ends("c", 3);
    expect(
      caller.frames.some((frame) => valueAt(frame, "event", "delta", "content") === "1"),
    ).to.equal(true);
  });

  it("passes on what routes may ask for, and neither query nor cookie nor what only the mesh says", async () => {
    const caller = await rig.open(
      {
        "x-tier": "gold",
        traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        cookie: "a=b",
        "smartcall-peer": "10.0.0.7",
        "smartcall-claims": claims("me", 2_000),
      },
      "?access_token=secret",
    );
    caller.say("c", "count", { model: "small", timeoutMs: 5_000 });
    await caller.ends("c");
    const sent = rig.inside.turns[0]?.getMap() ?? {};
    expect(sent).to.include({
      authorization: "Bearer secret",
      "x-tier": "gold",
      traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
      "smartcall-agent": "echo",
      "smartcall-model": "small",
      "smartcall-address": "10.0.0.7",
    });
    expect(sent["x-request-id"]).to.match(/^[0-9a-f-]{36}$/);
    expect(sent).to.not.have.any.keys("cookie", "smartcall-claims", "smartcall-peer");
    expect(rig.log()).to.not.include("secret");
  });

  it("tells what is wrong with a frame and goes on, but closes where there is no frame at all", async () => {
    const caller = await rig.open();
    for (const wrong of [
      { type: "sing" },
      { type: "turn", conversation: "" },
      { type: "turn", conversation: "c", message: { role: "user", content: "Hi" }, colour: "red" },
      { type: "turn", conversation: "c", message: { role: 7 } },
      { type: "ping", more: 1 },
    ]) {
      caller.send(wrong);
    }
    const refused = await caller.awaits(5, ({ type }) => type === "refused");
    expect(refused.map(reasonOf)).to.deep.equal(Array(5).fill("INVALID_REQUEST"));
    expect(valueAt(refused[2], "error", "message")).to.equal('There is no field "colour".');
    caller.send({ type: "ping" });
    await caller.awaits(1, ({ type }) => type === "pong");
    caller.send("no JSON");
    expect((await caller.closed).code).to.equal(4400);
  });

  it("closes at a frame beyond its bound, and where too much is asked for again and again", async () => {
    const small = await rig.open({ "smartcall-largest": "512" });
    small.say("c", "x".repeat(600));
    expect((await small.closed).code).to.equal(1009);
    const greedy = await rig.open();
    for (let times = 0; times < 40; times += 1) greedy.say(`c${times}`, "hold");
    expect((await greedy.closed).code).to.equal(4429);
    expect(
      greedy.frames.filter((frame) => reasonOf(frame) === "TOO_MANY_CONVERSATIONS").length,
    ).to.be.at.most(21);
  });

  it("lets the agent wait where the client does not read, and closes where it never does", async () => {
    const caller = await rig.open();
    caller.socket.pause();
    caller.say("c", "flood");
    await eventuallySame(() => rig.inside.written());
    const before = rig.inside.written();
    expect(before).to.be.within(1, 1_000);
    caller.socket.resume();
    await caller.ends("c");
    expect(rig.inside.written()).to.equal(2_000);
    const deaf = await rig.open();
    deaf.socket.pause();
    deaf.say("c", "flood");
    await eventuallySame(() => rig.inside.written());
    await rig.clock.passSlowly(patienceMs + 1_000);
    await eventuallySame(() => rig.inside.cancelled());
    expect(rig.inside.cancelled()).to.equal(1);
    deaf.socket.resume();
    expect((await deaf.closed).code).to.equal(4408);
    await rig.counts('closed_sockets_total{code="4408"}', 1);
    await rig.counts("open_sockets", 1);
  });

  it("closes the socket of a client that answers no ping", async () => {
    const caller = await rig.open();
    await caller.awaits(1, () => true);
    await rig.clock.passSlowly(pingMs);
    await caller.awaits(1, () => true);
    caller.send({ type: "ping" });
    await caller.awaits(1, ({ type }) => type === "pong");
    await rig.clock.passSlowly(pingMs);
    expect(caller.socket.readyState).to.equal(caller.socket.OPEN);
    const deaf = await rig.open();
    deaf.socket.pause();
    await rig.clock.passSlowly(pingMs);
    await rig.clock.passSlowly(pingMs);
    await rig.clock.passSlowly(2_000);
    deaf.socket.resume();
    expect((await deaf.closed).code).to.be.oneOf([4408, 1006]);
  });

  it("takes a new token of the same caller, and ends with the token that it has", async () => {
    const headers = { "smartcall-claims": claims("me", 1_010), authorization: "Bearer first" };
    const caller = await rig.open(headers);
    const next = tokenOf("me", 1_030);
    caller.send({ type: "token", token: next });
    const [renewed] = await caller.awaits(1, ({ type }) => type === "token");
    expect(renewed).to.deep.equal({ type: "token", expires: "1970-01-01T00:17:10.000Z" });
    caller.say("c", "count");
    await caller.ends("c");
    expect(rig.inside.turns[0]?.get("authorization")).to.deep.equal([`Bearer ${next}`]);
    await rig.clock.passSlowly(11_500);
    caller.send({ type: "ping" });
    await caller.awaits(1, ({ type }) => type === "pong");
    await rig.clock.passSlowly(20_000);
    expect(await caller.closed).to.deep.equal({ code: 4401, reason: "the token has expired" });
  });

  it("closes where the new token is another's, or the old one is revoked", async () => {
    const headers = { "smartcall-claims": claims("me", 9_000), authorization: "Bearer mine" };
    const stranger = await rig.open(headers);
    stranger.send({ type: "token", token: tokenOf("you", 9_000) });
    expect(await stranger.closed).to.deep.equal({
      code: 4401,
      reason: "the token is another caller's",
    });
    const [revoked, alike] = [await rig.open(headers), await rig.open(headers)];
    const good = await rig.open({ ...headers, authorization: "Bearer good" });
    await rig.clock.passSlowly(recheckMs);
    expect(revoked.socket.readyState).to.equal(revoked.socket.OPEN);
    rig.inside.revoke("Bearer mine");
    await new Promise((resolve) => setTimeout(resolve, 100));
    await rig.clock.passSlowly(recheckMs);
    expect((await revoked.closed).code).to.equal(4401);
    expect((await alike.closed).code).to.equal(4401);
    expect(good.socket.readyState).to.equal(good.socket.OPEN);
  });

  it("lets turns end before it goes away, and takes none meanwhile", async () => {
    const [idle, busy] = [await rig.open(), await rig.open()];
    busy.say("c", "hold");
    await busy.awaits(1, ({ type }) => type === "event");
    const drained = rig.drain();
    expect((await idle.closed).code).to.equal(1001);
    await busy.awaits(1, ({ type }) => type === "draining");
    busy.say("d", "count");
    expect(reasonOf((await busy.ends("d"))[0])).to.equal("GATEWAY_ENDING");
    rig.inside.release();
    const [end] = await busy.ends("c");
    expect(valueAt(end, "event", "done", "finishReason")).to.equal("stop");
    expect((await busy.closed).code).to.equal(1001);
    await drained;
  });

  it("opens for pages of the origins that may, and with one token", async () => {
    const opens = (headers: Readonly<Record<string, string>>, query?: string): Promise<boolean> =>
      rig.open(headers, query).then(
        () => true,
        () => false,
      );
    const named = { "smartcall-origins": "https://app.example,https://b.example" };
    expect(await opens({ ...named, origin: "https://b.example" })).to.equal(true);
    expect(await opens({ origin: "https://mesh.example:8443" })).to.equal(true);
    expect(await opens({ ...named, origin: "https://evil.example" })).to.equal(false);
    expect(await opens({ origin: "http://mesh.example" })).to.equal(false);
    expect(await opens({ origin: "null" })).to.equal(false);
    expect(await opens({ authorization: "Bearer a" }, "?access_token=b")).to.equal(false);
  });
});

function reasonOf(frame: JsonObject | undefined): unknown {
  return valueAt(frame, "error", "details", 0, "reason");
}
