import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import {
  BudgetSpent,
  Cancelled,
  DeadlineExceeded,
  InvalidRequest,
  StreamBroken,
  Unavailable,
} from "../errors.ts";
import { textAt } from "../json.ts";
import { readAll } from "../testing/failure.ts";
import { openingSockets, type SocketAnswers } from "../testing/socket-server.ts";
import { delta, done, refusal } from "../testing/wire-server.ts";

/** Answers each turn with what it was asked. */
const parrot: SocketAnswers = {
  frame(socket, { conversation, message, type }) {
    if (type !== "turn" || typeof conversation !== "string") return;
    socket.tell(conversation, delta(1, JSON.stringify(message)));
    socket.tell(conversation, done(2));
  },
};
const said = (content: string) => JSON.stringify({ role: "user", content });

describe("a conversation", () => {
  const open = openingSockets();

  it("asks turn by turn, with settings, on one socket", async () => {
    const { peer, socket } = await open(parrot, { token: "abc", headers: { "x-team": "blue" } });
    const talk = socket.conversation("c");
    const first = talk.ask("one");
    expect((await readAll(first)).pieces).to.deep.equal([said("one")]);
    expect(first.answer).to.deep.include({
      text: said("one"),
      finishReason: "stop",
      requestId: "",
    });
    const messages = [{ role: "user", content: "two" }] as const;
    await readAll(talk.ask({ messages, seed: 7 }, { timeoutMs: 60_000.5 }));
    expect(peer.headers).to.include({ authorization: "Bearer abc", "x-team": "blue" });
    expect(peer.frames[1]).to.deep.include({ type: "turn", conversation: "c", seed: 7 });
    expect(peer.frames[1]?.["timeoutMs"]).to.be.within(1, 60_001);
    expect(() => talk.ask({ messages: [] })).to.throw(TypeError);
    expect(() => talk.ask("x", { timeoutMs: 0 })).to.throw(TypeError);
    expect(() => socket.conversation("")).to.throw(TypeError);
    expect([socket.conversation().name, socket.conversation().name]).to.deep.equal([
      "conversation-1",
      "conversation-2",
    ]);
    talk.end();
    expect(await peer.frame(2)).to.deep.equal({ type: "end", conversation: "c" });
    await socket.close();
    expect([await socket.closed, await peer.closed]).to.deep.equal([undefined, 1000]);
    expect((await readAll(talk.ask("x"))).error).to.be.instanceOf(Cancelled);
  });

  it("runs beside others, whoever is read first", async () => {
    const { peer, socket } = await open({});
    const both = [socket.conversation("a").ask("x"), socket.conversation("b").ask("y")];
    const reading = Promise.all(both.map(readAll));
    await peer.frame(1);
    peer.tell("b", delta(1, "b1"));
    peer.tell("a", delta(1, "a1"));
    peer.tell("nobody", delta(1, "?"));
    peer.say({ type: "news" });
    peer.tell("b", done(2));
    peer.tell("a", done(2));
    expect((await reading).map(({ pieces }) => pieces)).to.deep.equal([["a1"], ["b1"]]);
  });

  it("takes one turn at a time, and the next once one was left", async () => {
    const { peer, socket } = await open({});
    const talk = socket.conversation("c");
    const first = talk.ask("one")[Symbol.asyncIterator]();
    const begun = first.next();
    await peer.frame(0);
    const refused = await readAll(talk.ask("two"));
    expect(refused.error)
      .to.be.instanceOf(InvalidRequest)
      .and.to.include({ reason: "TURN_RUNNING" });
    peer.tell("c", delta(1, "one"));
    await begun;
    await first.return?.();
    expect(await peer.frame(1)).to.deep.equal({ type: "cancel", conversation: "c" });
    const third = readAll(talk.ask("three"));
    await peer.frame(2);
    peer.tell("c", delta(2, "late"));
    peer.tell("c", { sequence: 3, error: { code: 1 } });
    peer.tell("c", delta(1, "three"));
    peer.tell("c", done(2));
    expect(await third).to.deep.equal({ pieces: ["three"], error: undefined });
  });

  it("asks again where a turn was refused for a moment, and else says why", async () => {
    let asked = 0;
    const { socket } = await open({
      frame(peer, frame) {
        const conversation = textAt(frame, "conversation");
        asked++;
        if (conversation === "poor") {
          peer.say({ type: "refused", conversation, ...refusal(429, "BUDGET_SPENT") });
        } else if (asked === 1) {
          const again = refusal(503, "AGENT_OVERLOADED", { retry: "yes", retryDelay: "0.01s" });
          peer.say({ type: "refused", conversation, ...again });
        } else peer.tell(conversation, done(1));
      },
    });
    expect((await readAll(socket.conversation().ask("x"))).error).to.equal(undefined);
    expect(asked).to.equal(2);
    const { error } = await readAll(socket.conversation("poor").ask("x"));
    expect(error).to.be.instanceOf(BudgetSpent).and.to.include({ requestId: "request-1" });
    expect(asked).to.equal(3);
  });

  it("ends a turn at its deadline, or where its caller says so, and tells the gateway", async () => {
    const { peer, socket } = await open({});
    const late = await readAll(socket.conversation("a").ask("x", { timeoutMs: 50 }));
    expect(late.error).to.be.instanceOf(DeadlineExceeded);
    expect(await peer.frame(1)).to.deep.equal({ type: "cancel", conversation: "a" });
    const caller = new AbortController();
    const { signal } = caller;
    const left = readAll(socket.conversation("b").ask("x", { signal }));
    await peer.frame(2);
    peer.tell("b", delta(1, "one"));
    await sleep(50);
    caller.abort();
    expect((await left).error)
      .to.be.instanceOf(Cancelled)
      .and.to.include({ textSoFar: "one" });
    expect(await peer.frame(3)).to.deep.equal({ type: "cancel", conversation: "b" });
    const never = await readAll(socket.conversation("c").ask("x", { signal: AbortSignal.abort() }));
    expect(never.error).to.be.instanceOf(Cancelled);
    expect(peer.frames).to.have.length(4);
  });

  it("breaks with its socket, with the text so far", async () => {
    const { peer, socket } = await open({});
    const running = readAll(socket.conversation("a").ask("x"));
    const waiting = readAll(socket.conversation("b").ask("x"));
    await peer.frame(1);
    peer.tell("a", delta(1, "one"));
    await sleep(50);
    peer.raw.terminate();
    const facts = { reason: "STREAM_BROKEN", retryable: true, status: 503 };
    expect((await running).error)
      .to.be.instanceOf(StreamBroken)
      .and.to.include(facts);
    expect((await running).error).to.include({ textSoFar: "one" });
    expect((await waiting).error)
      .to.be.instanceOf(StreamBroken)
      .and.to.include(facts);
    expect(await socket.closed).to.be.instanceOf(StreamBroken);
    expect((await readAll(socket.conversation().ask("x"))).error).to.equal(await socket.closed);
  });

  it("breaks where the gateway speaks nonsense", async () => {
    const { peer, socket } = await open({});
    peer.raw.send("nonsense");
    expect(await socket.closed).to.be.instanceOf(StreamBroken);
    await peer.closed;
  });

  it("is cancelled by closing its socket", async () => {
    const { peer, socket } = await open({});
    const running = readAll(socket.conversation("a").ask("x"));
    const waiting = readAll(socket.conversation("b").ask("x"));
    await peer.frame(1);
    peer.tell("a", delta(1, "one"));
    await sleep(50);
    await socket.close();
    expect((await running).error)
      .to.be.instanceOf(Cancelled)
      .and.to.include({ textSoFar: "one" });
    expect((await waiting).error).to.be.instanceOf(Cancelled);
  });

  it("comes to its end where the gateway drains, and no other begins", async () => {
    const { peer, socket } = await open({});
    const running = readAll(socket.conversation("a").ask("x"));
    await peer.frame(0);
    peer.say({ type: "draining" });
    peer.tell("a", delta(1, "one"));
    await sleep(50);
    expect(socket.draining).to.equal(true);
    const refused = await readAll(socket.conversation("b").ask("x"));
    expect(refused.error).to.be.instanceOf(Unavailable);
    expect(refused.error).to.include({ reason: "GATEWAY_ENDING", retryable: true });
    expect(peer.frames).to.have.length(1);
    peer.tell("a", done(2));
    peer.raw.close(1001, "going away");
    expect(await running).to.deep.equal({ pieces: ["one"], error: undefined });
    expect(await socket.closed).to.include({ reason: "GATEWAY_ENDING", retryable: true });
  });
});
