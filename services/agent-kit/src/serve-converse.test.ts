// Conversations over real gRPC.

import { type ClientDuplexStream, Metadata, status } from "@grpc/grpc-js";
import { agentPb } from "@smartcall/protos";
import { expect } from "chai";
import type { Agent } from "./agent.ts";
import { agentError } from "./agent-error.ts";
import type { Call } from "./call.ts";
import { delta, type Piece } from "./pieces.ts";
import { endOf, inShort, userSays } from "./testing/ask-wire.ts";
import { eventually } from "./testing/eventually.ts";
import { type ServedAgent, serveForTest } from "./testing/served-agent.ts";

describe("a conversation", function () {
  this.timeout(10_000);
  let served: ServedAgent;
  const open = async (
    stream: (call: Call) => AsyncIterable<Piece>,
    more: Partial<Agent> = {},
    options: { readonly deadline?: number } = {},
  ) => {
    served = await serveForTest({ name: "poet", stream, ...more });
    return converse(served.client.converse(new Metadata(), options));
  };
  afterEach(() => served.close());

  it("answers turn after turn, each seeing those before it, and ends when its caller does", async () => {
    const talk = await open(async function* (call) {
      yield delta(call.messages.map(({ role, content }) => `${role}:${content}`).join(" "));
    });
    talk.say("one");
    talk.say("two");
    talk.hangUp();
    expect(await talk.end()).to.equal(status.OK);
    expect(talk.told).to.deep.equal([
      '1 "user:one"',
      "2 done stop",
      '1 "user:one assistant:user:one user:two"',
      "2 done stop",
    ]);
    expect(talk.callIds().size).to.equal(2);
  });

  it("refuses a turn that is too large, and goes on", async () => {
    const talk = await open(async function* (call) {
      yield delta(call.lastUserText);
    });
    talk.say("a".repeat(5_000_000));
    talk.say("b");
    talk.hangUp();
    expect(await talk.end()).to.equal(status.OK);
    expect(talk.told).to.deep.equal(["1 error INVALID_ARGUMENT", '1 "b"', "2 done stop"]);
  });

  it("cancels the running turn, keeps what was said of it, and goes on", async () => {
    const talk = await open(async function* (call) {
      if (call.lastUserText === "go on") {
        yield delta(String(call.messages.map(({ content }) => content)));
        return;
      }
      yield delta("half");
      await aborted(call.signal);
    });
    talk.say("long");
    await eventually("it began", () => talk.told.length === 1);
    talk.cancel();
    talk.say("go on");
    talk.hangUp();
    await talk.end();
    expect(talk.told).to.deep.equal([
      '1 "half"',
      "2 error CANCELLED",
      '1 "long,half,go on"',
      "2 done stop",
    ]);
  });

  it("obeys a cancel that comes right behind its turn", async () => {
    const talk = await open(async function* (call) {
      await aborted(call.signal);
      yield delta("never");
    });
    talk.say("long");
    talk.cancel();
    talk.hangUp();
    await talk.end();
    expect(talk.told).to.deep.equal(["1 error CANCELLED"]);
  });

  it("ignores a cancel when no turn runs", async () => {
    const talk = await open(async function* () {
      yield delta("a");
    });
    talk.cancel();
    talk.say("hello");
    talk.hangUp();
    await talk.end();
    expect(talk.told).to.deep.equal(['1 "a"', "2 done stop"]);
  });

  it("tells of a bad or failed turn in the band, forgets it, and goes on", async () => {
    const talk = await open(async function* (call) {
      if (call.lastUserText === "fail") throw agentError("NOT_FOUND", "nothing");
      yield delta(String(call.messages.length));
    });
    talk.say("");
    talk.say("fail");
    talk.say("hello");
    talk.hangUp();
    expect(await talk.end()).to.equal(status.OK);
    expect(talk.told).to.deep.equal([
      "1 error INVALID_ARGUMENT",
      "1 error NOT_FOUND",
      '1 "1"',
      "2 done stop",
    ]);
  });

  it("takes a place only while a turn runs", async () => {
    const talk = await open(
      async function* () {
        yield delta("a");
      },
      { concurrency: { running: 1, waiting: 0 } },
    );
    const other = converse(served.client.converse());
    talk.say("hello");
    await eventually("the first turn ended", () => talk.told.length === 2);
    other.say("hello");
    await eventually("the other's turn ended", () => other.told.length === 2);
    expect(other.told).to.deep.equal(['1 "a"', "2 done stop"]);
    talk.hangUp();
    other.hangUp();
    await Promise.all([talk.end(), other.end()]);
  });

  it("stops its turn when the caller leaves", async () => {
    const talk = await open(async function* (call) {
      yield delta("a");
      await aborted(call.signal);
    });
    talk.say("hello");
    talk.say("and then");
    await eventually("it began", () => talk.told.length === 1);
    talk.leave();
    expect(await talk.end()).to.equal(status.CANCELLED);
    await eventually("nothing runs", () => served.host.halts.size === 0);
    await eventually("no place is taken", () => served.host.admission.running === 0);
  });

  it("ends the running turn at the stream's deadline", async () => {
    const talk = await open(
      async function* (call) {
        yield delta("a");
        await aborted(call.signal);
      },
      {},
      { deadline: Date.now() + 300 },
    );
    talk.say("hello");
    expect(await talk.end()).to.equal(status.DEADLINE_EXCEEDED);
    expect(talk.told).to.deep.equal(['1 "a"', "2 error DEADLINE_EXCEEDED"]);
  });

  it("takes more turns than may wait at once, in order", async () => {
    const talk = await open(async function* (call) {
      await new Promise((resolve) => setTimeout(resolve, 1));
      yield delta(call.lastUserText);
    });
    const many = Array.from({ length: 40 }, (_, index) => String(index));
    for (const text of many) talk.say(text);
    talk.hangUp();
    expect(await talk.end()).to.equal(status.OK);
    expect(talk.told.filter((told) => told.startsWith("1 "))).to.deep.equal(
      many.map((text) => `1 "${text}"`),
    );
  });

  it("ends with UNAVAILABLE once the process ends and no turn is left", async () => {
    const talk = await open(async function* () {
      yield delta("a");
    });
    talk.say("hello");
    await eventually("the turn ended", () => talk.told.length === 2);
    served.end();
    expect(await talk.end()).to.equal(status.UNAVAILABLE);
  });
});

function converse(stream: ClientDuplexStream<agentPb.ConverseRequest, agentPb.StreamEvent>) {
  const told: string[] = [];
  const ids = new Set<string>();
  stream.on("data", (event: agentPb.StreamEvent) => {
    told.push(`${event.getSequence()} ${inShort(event)}`);
    ids.add(event.getCallId());
  });
  stream.on("error", () => undefined);
  const ended = endOf(stream);
  return {
    told,
    callIds: () => ids,
    say(text: string) {
      const request = new agentPb.ConverseRequest();
      request.setTurn(userSays(text));
      stream.write(request);
    },
    cancel() {
      const request = new agentPb.ConverseRequest();
      request.setCancel(new agentPb.CancelTurn());
      stream.write(request);
    },
    hangUp: () => stream.end(),
    leave: () => stream.cancel(),
    end: async () => (await ended).code,
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
