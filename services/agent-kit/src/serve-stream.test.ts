// Stream over real gRPC.

import { once } from "node:events";
import { connect, type IncomingHttpHeaders } from "node:http2";
import { Metadata, status } from "@grpc/grpc-js";
import { type agentPb, statusPb } from "@smartcall/protos";
import { expect } from "chai";
import type { Agent } from "./agent.ts";
import { agentError } from "./agent-error.ts";
import type { Call } from "./call.ts";
import { delta, type Piece } from "./pieces.ts";
import { fromRpcStatus } from "./read-status.ts";
import { endOf, inShort, readAll, userSays } from "./testing/ask-wire.ts";
import { eventually } from "./testing/eventually.ts";
import { failing } from "./testing/failing.ts";
import { type ServedAgent, serveForTest } from "./testing/served-agent.ts";

describe("Stream", function () {
  this.timeout(10_000);
  let served: ServedAgent;
  const serve = async (stream: (call: Call) => AsyncIterable<Piece>, more: Partial<Agent> = {}) => {
    served = await serveForTest({ name: "poet", stream, ...more });
    return served;
  };
  afterEach(() => served.close());

  it("numbers the events of a stream, each with the call's id", async () => {
    const { client } = await serve(async function* () {
      yield delta("a");
      yield delta("b");
    });
    const events: agentPb.StreamEvent[] = [];
    const stream = client.stream(userSays("hello"));
    stream.on("data", (event: agentPb.StreamEvent) => events.push(event));
    expect((await endOf(stream)).code).to.equal(status.OK);
    expect(events.map(inShort)).to.deep.equal(['"a"', '"b"', "done stop"]);
    expect(events.map((event) => event.getSequence())).to.deep.equal([1, 2, 3]);
    expect(new Set(events.map((event) => event.getCallId())).size).to.equal(1);
  });

  it("fails before the first event with a status alone, and with no metadata sent ahead", async () => {
    const { server } = await serve(
      failing(
        agentError("FAILED_PRECONDITION", "not “today”", {
          reason: "CLOSED",
          metadata: { until: "nine" },
          retryAfterMs: 1500,
        }),
      ),
    );
    const session = connect(`http://${server.address}`);
    const stream = session.request({
      ":method": "POST",
      ":path": "/smartcall.v1.AgentService/Stream",
      "content-type": "application/grpc",
      "x-request-id": "r-2",
      te: "trailers",
    });
    const request = userSays("hello").serializeBinary();
    const frame = Buffer.alloc(5);
    frame.writeUInt32BE(request.length, 1);
    stream.end(Buffer.concat([frame, request]));
    const { headers, flags } = await new Promise<{
      readonly headers: IncomingHttpHeaders;
      readonly flags: number;
    }>((resolve) => {
      stream.once("response", (headers, flags) => resolve({ headers, flags }));
    });
    session.close();
    stream.close();
    const endStream = 1;
    expect(flags & endStream, "the headers are all there is").to.equal(endStream);
    expect(headers["grpc-status"]).to.equal(String(status.FAILED_PRECONDITION));
    const bytes = Buffer.from(String(headers["grpc-status-details-bin"]), "base64");
    const error = fromRpcStatus(statusPb.Status.deserializeBinary(bytes));
    expect(error.message).to.equal("not “today”");
    expect(error.details).to.deep.equal({
      reason: "CLOSED",
      metadata: { until: "nine", requestId: "r-2" },
      fault: "client",
      retry: true,
      retryAfterMs: 1500,
    });
  });

  it("fails after the first event in the band, and then ends well", async () => {
    const { client } = await serve(async function* () {
      yield delta("a");
      throw new Error("boom");
    });
    expect(await readAll(client.stream(userSays("hello")))).to.deep.equal([
      '"a"',
      "error INTERNAL",
      "status OK",
    ]);
  });

  it("stops the agent when its caller cancels", async () => {
    const signals: AbortSignal[] = [];
    const { client, host } = await serve(async function* (call) {
      signals.push(call.signal);
      for (;;) {
        yield delta("a");
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });
    const stream = client.stream(userSays("hello"));
    stream.on("error", () => undefined);
    stream.once("data", () => stream.cancel());
    expect((await endOf(stream)).code).to.equal(status.CANCELLED);
    await eventually("the agent stopped", () => host.admission.running === 0);
    expect(signals[0]?.aborted).to.equal(true);
    expect(host.halts.size).to.equal(0);
  });

  it("ends a stream at its deadline with a last event, and a stream with no event by status", async () => {
    const { client } = await serve(async function* (call) {
      if (call.lastUserText === "speak") yield delta("a");
      await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
    });
    const deadline = () => ({ deadline: Date.now() + 300 });
    expect(
      await readAll(client.stream(userSays("speak"), new Metadata(), deadline())),
    ).to.deep.equal(['"a"', "error DEADLINE_EXCEEDED", "status OK"]);
    // The gateway makes DEADLINE_EXCEEDED of it: to Envoy that would be an instance that is ill.
    const hush = client.stream(userSays("hush"), new Metadata(), deadline());
    hush.on("error", () => undefined);
    hush.resume();
    const hushed = await endOf(hush);
    expect(hushed.code).to.equal(status.RESOURCE_EXHAUSTED);
    expect(hushed.metadata.get("smartcall-status")).to.deep.equal([`${status.DEADLINE_EXCEEDED}`]);
  });

  it("answers two at once, each its own", async () => {
    let together = 0;
    let most = 0;
    const { client } = await serve(async function* (call) {
      most = Math.max(most, ++together);
      for (const letter of call.lastUserText) {
        yield delta(letter);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      together--;
    });
    const [one, two] = await Promise.all([
      readAll(client.stream(userSays("abc"))),
      readAll(client.stream(userSays("xyz"))),
    ]);
    expect(one).to.deep.equal(['"a"', '"b"', '"c"', "done stop", "status OK"]);
    expect(two).to.deep.equal(['"x"', '"y"', '"z"', "done stop", "status OK"]);
    expect(most).to.equal(2);
  });

  it("makes no more than a slow reader takes, and loses nothing", async () => {
    const whole = 2000;
    const chunk = "x".repeat(1024);
    let made = 0;
    const { client } = await serve(async function* () {
      for (; made < whole; made++) yield delta(chunk);
    });
    const stream = client.stream(userSays("hello"));
    const [first]: agentPb.StreamEvent[] = await once(stream, "data");
    stream.pause();
    expect(first?.getSequence()).to.equal(1);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const ahead = made;
    expect(ahead).to.be.lessThan(whole / 2);
    let next = 2;
    stream.on("data", (event: agentPb.StreamEvent) => {
      expect(event.getSequence()).to.equal(next++);
    });
    stream.resume();
    expect((await endOf(stream)).code).to.equal(status.OK);
    expect(next).to.equal(whole + 2);
  });

  it("frees the place of a waiting call whose caller leaves", async () => {
    const { client, host } = await serve(
      async function* (call) {
        yield delta(call.lastUserText);
        await new Promise((resolve) => call.signal.addEventListener("abort", resolve));
      },
      { concurrency: { running: 1, waiting: 1 } },
    );
    const [first, second] = ["one", "two"].map((text) => {
      const stream = client.stream(userSays(text));
      stream.on("error", () => undefined);
      stream.on("data", () => undefined);
      return stream;
    });
    await eventually("one runs, one waits", () => host.admission.waiting === 1);
    expect(await readAll(client.stream(userSays("three")))).to.deep.equal([
      "status RESOURCE_EXHAUSTED",
    ]);
    second?.cancel();
    await eventually("none waits", () => host.admission.waiting === 0);
    const third = client.stream(userSays("four"));
    third.on("error", () => undefined);
    const spoken = once(third, "data");
    await eventually("another waits", () => host.admission.waiting === 1);
    first?.cancel();
    const [event]: agentPb.StreamEvent[] = await spoken;
    expect(event === undefined ? "" : inShort(event)).to.equal('"four"');
    third.cancel();
  });
});
