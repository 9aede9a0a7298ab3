import { once } from "node:events";
import type { ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import {
  Cancelled,
  DeadlineExceeded,
  InvalidRequest,
  LimitReached,
  StreamBroken,
  Unavailable,
} from "./errors.ts";
import { testClient } from "./testing/client.ts";
import { failureOf, readAll } from "./testing/failure.ts";
import {
  type Answering,
  delta,
  done,
  json,
  refusal,
  servingHttp,
  stream,
} from "./testing/wire-server.ts";

describe("a stream", () => {
  const serve = servingHttp();
  const read = async (answer: Answering, options = {}) => {
    const { seen, url } = await serve(answer);
    const asked = testClient({ url }).agent("a").stream("x", options);
    return { asked, seen, ...(await readAll(asked)) };
  };

  it("gives pieces as they come, and afterwards the answer", async () => {
    let go: () => void = () => undefined;
    const { seen, url } = await serve((response) => {
      stream(response, delta(1, "one "));
      go = () =>
        response.end(
          `data: ${JSON.stringify(delta(2, "two"))}\n\ndata: ${JSON.stringify(done(3))}\n\n`,
        );
    });
    const asked = testClient({ url }).agent("a").stream("x");
    expect(() => asked.answer).to.throw("not whole");
    const pieces: string[] = [];
    for await (const { text } of asked) {
      pieces.push(text);
      go();
    }
    expect(pieces).to.deep.equal(["one ", "two"]);
    expect(asked.answer).to.deep.equal({
      text: "one two",
      message: { role: "assistant", content: "one two" },
      finishReason: "stop",
      usage: { inputTokens: 3, outputTokens: 5 },
      callId: "call-1",
      requestId: "request-1",
    });
    expect(asked).to.include({ text: "one two", requestId: "request-1" });
    expect(seen[0]?.headers).to.include({ accept: "text/event-stream" });
    expect(await seen[0]?.over).to.equal("answered");
  });

  it("begins when it is read, and is read once", async () => {
    const { seen, url } = await serve((response) => {
      stream(response, done(1));
      response.end();
    });
    const asked = testClient({ url }).agent("a").stream("x");
    await sleep(50);
    expect(seen).to.have.length(0);
    expect((await readAll(asked)).pieces).to.deep.equal([]);
    expect(() => asked[Symbol.asyncIterator]()).to.throw(TypeError);
    const again = testClient({ url }).agent("a").stream("x")[Symbol.asyncIterator]();
    expect([await again.next(), await again.next()]).to.deep.equal([
      { done: true, value: undefined },
      { done: true, value: undefined },
    ]);
  });

  it("skips heartbeats, and events and fields of meshes that are newer", async () => {
    const { pieces, asked } = await read((response) => {
      stream(
        response,
        { callId: "c", sequence: 1, heartbeat: {} },
        { callId: "c", sequence: 2, thought: { content: "hm" }, also: 1 },
        { ...delta(3, "one"), more: true },
        delta(4, ""),
        { sequence: 5, done: { finishReason: "bored" } },
      );
      response.end();
    });
    expect(pieces).to.deep.equal(["one"]);
    expect(asked.answer).to.deep.include({
      finishReason: "bored",
      usage: { inputTokens: 0, outputTokens: 0 },
    });
  });

  const breaks: Readonly<Record<string, (response: ServerResponse) => void>> = {
    "ends without a last event": (response) => {
      stream(response, delta(1, "one"));
      response.end();
    },
    "ends within an event": (response) => {
      stream(response, delta(1, "one"));
      response.end('data: {"callId":"c","sequence":2,"done":{"finishReason":"stop"}}\n');
    },
    "loses its connection within an event": (response) => {
      stream(response, delta(1, "one"));
      response.write('data: {"callId":');
      setTimeout(() => response.destroy(), 50);
    },
    "lacks an event": (response) => {
      stream(response, delta(1, "one"), done(3));
      response.end();
    },
    "says an event twice": (response) => {
      stream(response, delta(1, "one"), delta(1, "one"), done(2));
      response.end();
    },
    "has an event without a number": (response) => {
      stream(response, delta(1, "one"), { done: {} });
      response.end();
    },
    "says what is no JSON": (response) => {
      stream(response, delta(1, "one"));
      response.end("data: nonsense\n\n");
    },
    "goes on after its last event": (response) => {
      stream(response, delta(1, "one"), done(2), delta(3, "two"));
      response.end();
    },
  };
  for (const [what, answer] of Object.entries(breaks)) {
    it(`that ${what} is broken, with the text so far, and is no answer`, async () => {
      const { asked, error, pieces, seen } = await read(answer);
      expect(pieces).to.deep.equal(["one"]);
      expect(error).to.be.instanceOf(StreamBroken);
      expect(error).to.include({
        status: 503,
        reason: "STREAM_BROKEN",
        retryable: true,
        textSoFar: "one",
        requestId: "request-1",
      });
      expect(() => asked.answer).to.throw("not whole");
      expect(seen).to.have.length(1);
    });
  }

  it("is whole where its connection is lost after its last event", async () => {
    const { asked, error } = await read((response) => {
      stream(response, delta(1, "one"), done(2));
      setTimeout(() => response.destroy(), 20);
    });
    expect([error, asked.answer.text]).to.deep.equal([undefined, "one"]);
  });

  it("is whole where its end does not come, and is hung up then", async () => {
    const { seen, url } = await serve((response) => stream(response, delta(1, "one"), done(2)));
    const clock = createManualClock();
    const asked = testClient({ url }, clock).agent("a").stream("x");
    const whole = readAll(asked);
    while (clock.waiting() === 0) await sleep(5);
    clock.pass(1_000);
    expect((await whole).error).to.equal(undefined);
    expect(asked.answer.text).to.equal("one");
    expect(await seen[0]?.over).to.equal("hung up");
  });

  it("ends with the error that the agent says, which is not tried again", async () => {
    const info = { reason: "OUT_OF_INK", metadata: { retry: "yes", requestId: "request-1" } };
    const { error, pieces, seen } = await read((response) => {
      const failed = { code: 8, message: "No ink.", details: [info] };
      stream(response, delta(1, "one"), { sequence: 2, error: failed });
      response.end();
    });
    expect(pieces).to.deep.equal(["one"]);
    expect(error).to.be.instanceOf(LimitReached);
    expect(error).to.include({
      message: "No ink.",
      reason: "OUT_OF_INK",
      textSoFar: "one",
      status: 429,
    });
    expect(seen).to.have.length(1);
  });

  it("that is refused is asked for again, and is no answer of another type", async () => {
    const { asked, error } = await read((response, _, at) => {
      if (at === 0) json(response, 503, refusal(503, "AGENT_ENDING", { retry: "yes" }));
      else {
        stream(response, delta(1, "one"), done(2));
        response.end();
      }
    });
    expect([error, asked.text]).to.deep.equal([undefined, "one"]);
    const wrong = await read((response) => json(response, 200, { message: "hi" }));
    expect(wrong.error).to.include({ reason: "BAD_ANSWER", status: 200 });
    const refused = await read((response) => json(response, 400, refusal(400, "INVALID_REQUEST")));
    expect(refused.error).to.be.instanceOf(InvalidRequest);
    const lasting = await read((response) =>
      json(response, 503, refusal(503, "AGENT_OVERLOADED", { retry: "yes" })),
    );
    expect(lasting.error).to.be.instanceOf(Unavailable);
    expect(lasting.seen).to.have.length(3);
  });

  it("is ended by leaving its loop", async () => {
    const { seen, url } = await serve((response) => stream(response, delta(1, "one")));
    for await (const piece of testClient({ url }).agent("a").stream("x")) {
      expect(piece.text).to.equal("one");
      break;
    }
    expect(await seen[0]?.over).to.equal("hung up");
  });

  it("can be cancelled while a piece is awaited, and before it begins", async () => {
    const { seen, url } = await serve((response) => stream(response, delta(1, "one")));
    const asked = testClient({ url }).agent("a").stream("x");
    const pieces = asked[Symbol.asyncIterator]();
    await pieces.next();
    const next = failureOf(pieces.next());
    asked.cancel();
    const error = await next;
    expect(error).to.be.instanceOf(Cancelled).and.to.include({ textSoFar: "one" });
    expect(await seen[0]?.over).to.equal("hung up");
    const early = testClient({ url }).agent("a").stream("x");
    early.cancel();
    expect((await readAll(early)).error).to.be.instanceOf(Cancelled);
    expect(seen).to.have.length(1);
    const unread = testClient({ url }).agent("a").stream("x", { timeoutMs: 50 });
    await unread[Symbol.asyncIterator]().return?.();
    expect(seen).to.have.length(1);
  });

  it("ends at its deadline, with the text so far", async () => {
    const { asked, error, seen } = await read((response) => stream(response, delta(1, "one")), {
      timeoutMs: 100,
    });
    expect(error).to.be.instanceOf(DeadlineExceeded).and.to.include({ textSoFar: "one" });
    expect(asked.text).to.equal("one");
    expect(await seen[0]?.over).to.equal("hung up");
  });

  it("goes no faster than it is read", async () => {
    let sent = 0;
    const { url } = await serve((response) => {
      const send = async (): Promise<void> => {
        stream(response);
        for (let at = 1; at <= 400; at++) {
          sent = at;
          const more = response.write(
            `data: ${JSON.stringify(delta(at, "x".repeat(100_000)))}\n\n`,
          );
          if (!more) await once(response, "drain");
        }
        response.end(`data: ${JSON.stringify(done(401))}\n\n`);
      };
      send().catch(() => undefined);
    });
    const asked = testClient({ url }).agent("a").stream("x");
    const pieces = asked[Symbol.asyncIterator]();
    await pieces.next();
    await sleep(500);
    expect(sent).to.be.below(300);
    let last = await pieces.next();
    while (last.done !== true) last = await pieces.next();
    expect(sent).to.equal(400);
    expect(asked.answer.text).to.have.length(400 * 100_000);
  });
});
