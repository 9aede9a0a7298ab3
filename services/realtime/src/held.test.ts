import { expect } from "chai";
import { isObject } from "./json.ts";
import { type Caller, claims, type Rig, startRig, tokenOf } from "./testing/rig.ts";
import { valueAt } from "./testing/value-at.ts";

const KiB = 1_024;

describe("what one caller has the service hold", function () {
  this.timeout(30_000);
  let rig: Rig;
  beforeEach(async () => {
    rig = await startRig({
      memory: { ofCaller: 300 * KiB, ofAll: 500 * KiB },
      incoming: { ofCaller: 300 * KiB, ofAll: 500 * KiB },
    });
  });
  afterEach(() => rig.stop());

  const openAs = (name: string): Promise<Caller> =>
    rig.open({ "smartcall-claims": claims(name, 2_000), authorization: `Bearer ${name}` });
  const reasonOf = async (caller: Caller, conversation: string, count = 1): Promise<unknown> => {
    const ends = await caller.ends(conversation, count);
    const last = ends[count - 1];
    return (
      valueAt(last, "event", "done", "finishReason") ??
      valueAt(last, "error", "details", 0, "reason") ??
      valueAt(last, "event", "error", "details", 0, "reason")
    );
  };
  /** Has so much remembered. */
  const fill = (caller: Caller, name: string, bytes: number, count = 1): Promise<unknown> => {
    caller.say(name, "x".repeat(bytes));
    return reasonOf(caller, name, count);
  };
  const held = async (): Promise<number> =>
    Number(/^smartcall_realtime_held_bytes (\d+)$/m.exec(await rig.metrics())?.[1]);

  it("is bounded over all its sockets, until it ends conversations, and bounds no other", async () => {
    const [one, again] = [await openAs("me"), await openAs("me")];
    expect(await fill(one, "a", 140 * KiB)).to.equal("stop");
    expect(await fill(again, "a", 100 * KiB)).to.equal("stop");
    expect(await held()).to.be.within(240 * KiB, 242 * KiB);
    expect(await fill(again, "b", 100 * KiB)).to.equal("TOO_MANY_SOCKETS");
    const other = await openAs("you");
    expect(await fill(other, "a", 100 * KiB)).to.equal("stop");
    one.send({ type: "end", conversation: "a" });
    one.send({ type: "ping" });
    await one.awaits(1, ({ type }) => type === "pong");
    expect(await fill(again, "c", 50 * KiB)).to.equal("stop");
    again.socket.terminate();
    one.socket.terminate();
    for (let tries = 0; tries < 200 && (await held()) > 102 * KiB; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    expect(await held()).to.be.within(100 * KiB, 102 * KiB);
  });

  it("is not opened beside others that hold as much as their caller may", async () => {
    const headers = { "x-large": "x".repeat(15 * KiB) };
    const opened: Caller[] = [];
    for (let sockets = 0; sockets < 19; sockets += 1) opened.push(await rig.open(headers));
    // Of nothing but headers: the next fills it.
    expect(await held()).to.be.within(19 * 15 * KiB, 300 * KiB);
    opened.push(await rig.open(headers));
    expect(await rig.open(headers).then(String, String)).to.include("429");
  });

  it("is told where all callers together hold too much, and loses no conversation by it", async () => {
    const callers = await Promise.all(["a", "b", "c"].map(openAs));
    const [first, second, third] = callers;
    if (first === undefined || second === undefined || third === undefined)
      throw new Error("three");
    expect(await fill(first, "c", 140 * KiB)).to.equal("stop");
    expect(await fill(second, "c", 140 * KiB)).to.equal("stop");
    expect(await fill(third, "c", 140 * KiB)).to.equal("stop");
    expect(await fill(third, "d", 100 * KiB)).to.equal("TOO_MANY_SOCKETS");
    second.send({ type: "end", conversation: "c" });
    second.send({ type: "ping" });
    await second.awaits(1, ({ type }) => type === "pong");
    expect(await fill(third, "d", 50 * KiB, 2)).to.equal("stop");
    first.say("c", "count");
    expect(await reasonOf(first, "c", 2)).to.equal("stop");
  });

  it("is closed where a message does not come to its end", async () => {
    const caller = await openAs("me");
    for (let part = 0; part < 8; part += 1) {
      caller.socket.send("x".repeat(64 * KiB), { fin: false });
    }
    expect((await caller.closed).code).to.equal(4429);
    const beating = await openAs("them");
    for (let part = 0; part < 8; part += 1) {
      beating.socket.send("x".repeat(64 * KiB), { fin: false });
      beating.socket.ping("x".repeat(100));
    }
    expect((await beating.closed).code).to.equal(4429);
    const pieces = await openAs("you");
    for (let part = 0; part < 2_000; part += 1) pieces.socket.send("x", { fin: false });
    expect((await pieces.closed).code).to.equal(1008);
  });

  it("is nothing of pings and pongs, however many come", async () => {
    const caller = await openAs("me");
    await caller.awaits(1, () => true);
    const before = await held();
    let asked = 0;
    let pongs = 0;
    caller.socket.on("pong", () => {
      pongs += 1;
    });
    const beat = async (): Promise<void> => {
      for (let times = 0; times < 40; times += 1) {
        caller.socket.pong("x".repeat(100));
        caller.socket.ping("x".repeat(100));
        asked += 1;
      }
      while (pongs < asked && caller.socket.readyState === caller.socket.OPEN) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(pongs).to.equal(asked);
    };
    for (let rounds = 0; rounds < 60; rounds += 1) await beat();
    expect(await held()).to.equal(before);
    // Of a message between them, all is held until it is whole, and then nothing.
    caller.socket.send('{"type":', { fin: false });
    await beat();
    expect(await held()).to.be.within(before + 8, before + 16 * KiB);
    caller.socket.send('"ping"}');
    await caller.awaits(1, ({ type }) => type === "pong");
    await beat();
    expect(await held()).to.equal(before);
  });

  it("is few answers to pings: who asks for more than it reads is cut", async () => {
    const caller = await openAs("me");
    caller.socket.pause();
    for (let times = 0; times < 5_000; times += 1) caller.socket.ping("x".repeat(100));
    caller.socket.resume();
    expect((await caller.closed).code).to.equal(1006);
  });

  it("ends no answer: one that is too long to be remembered is the conversation's last", async () => {
    const caller = await rig.open({ "smartcall-largest": "1024" });
    caller.say("c", "long");
    expect(await reasonOf(caller, "c")).to.equal("stop");
    caller.say("c", "count");
    expect(await reasonOf(caller, "c", 2)).to.equal("CONVERSATION_FULL");
    caller.send({ type: "end", conversation: "c" });
    caller.say("c", "count");
    expect(await reasonOf(caller, "c", 3)).to.equal("stop");
  });

  it("is bounded over turns that run at once: one is refused, or not remembered, and no other", async () => {
    const caller = await rig.open({ "smartcall-largest": "3000" });
    const names = ["a", "b"];
    for (const name of names) caller.say(name, "heap");
    await caller.awaits(2, ({ event }) => isObject(event) && "delta" in event);
    caller.say("c", "x".repeat(1_000));
    expect(await reasonOf(caller, "c")).to.equal("CONVERSATION_FULL");
    rig.inside.release();
    for (const name of names) expect(await reasonOf(caller, name)).to.equal("stop");
    for (const name of names) caller.say(name, "count");
    const next = await Promise.all(names.map((name) => reasonOf(caller, name, 2)));
    expect(next).to.have.members(["stop", "CONVERSATION_FULL"]);
    caller.say("c", "x".repeat(500));
    expect(await reasonOf(caller, "c", 2)).to.equal("stop");
  });

  it("takes as long as it says, and is told so as by any door", async () => {
    const caller = await rig.open();
    caller.say("silent", "late", { timeoutMs: 50 });
    caller.say("begun", "hold", { timeoutMs: 50 });
    const [silent] = await caller.ends("silent");
    expect(valueAt(silent, "error", "code")).to.equal(504);
    expect(valueAt(silent, "error", "status")).to.equal("DEADLINE_EXCEEDED");
    expect(await reasonOf(caller, "silent")).to.equal("DEADLINE_EXCEEDED");
    expect(await reasonOf(caller, "begun")).to.equal("DEADLINE_EXCEEDED");
    expect(rig.inside.turns.map((turn) => turn.get("x-request-timeout-ms"))).to.deep.equal([
      ["50"],
      ["50"],
    ]);
  });

  it("renews no token again and again, and has the last one that came", async () => {
    const caller = await openAs("me");
    for (let later = 1; later <= 5; later += 1) {
      caller.send({ type: "token", token: tokenOf("me", 2_000 + later) });
    }
    const renewed = await caller.awaits(5, ({ type }) => type === "token");
    expect(renewed.at(-1)?.["expires"]).to.equal(new Date(2_005_000).toISOString());
    caller.say("c", "count");
    await caller.ends("c");
    expect(rig.inside.turns[0]?.get("authorization")).to.deep.equal([
      `Bearer ${tokenOf("me", 2_005)}`,
    ]);
    for (let later = 0; later < 40; later += 1) {
      caller.send({ type: "token", token: tokenOf("me", 2_000) });
    }
    expect((await caller.closed).code).to.equal(4429);
  });
});
