import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { testClient } from "../testing/client.ts";
import { type SocketServer, serveSockets } from "../testing/socket-server.ts";
import { delta, done } from "../testing/wire-server.ts";
import { createFlow, much } from "./flow.ts";

describe("what waits to be read", () => {
  it("stops the socket where it is much, and lets it go on from half of it", () => {
    const told: string[] = [];
    const flow = createFlow({ pause: () => told.push("pause"), resume: () => told.push("resume") });
    flow.came(much);
    expect(flow.paused).to.equal(false);
    flow.came(1);
    flow.taken(much / 4);
    expect(flow.paused).to.equal(true);
    flow.taken(much / 2);
    expect(flow.paused).to.equal(false);
    expect(told).to.deep.equal(["pause", "resume"]);
  });

  it("stops nothing while somebody waits for what may be behind it", () => {
    const told: string[] = [];
    const flow = createFlow({ pause: () => told.push("pause"), resume: () => told.push("resume") });
    flow.came(much * 2);
    flow.waits();
    flow.came(much);
    flow.waitsNoMore();
    expect(told).to.deep.equal(["pause", "resume", "pause"]);
  });
});

describe("a socket whose reader is slow", () => {
  let server: SocketServer | undefined;
  afterEach(() => server?.close());

  it("is sent no more than it reads, and loses nothing", async () => {
    const served = await serveSockets();
    server = served;
    const socket = await testClient({ url: served.url }).agent("a").converse();
    const [peer] = served.sockets;
    const slow = socket.conversation("slow").ask("x");
    const pieces = slow[Symbol.asyncIterator]();
    const first = pieces.next();
    await peer?.frame(0);
    const count = 200;
    for (let at = 1; at <= count; at++) peer?.tell("slow", delta(at, "x".repeat(100_000)));
    peer?.tell("slow", done(count + 1));
    await first;
    await sleep(300);
    expect(peer?.raw.bufferedAmount).to.be.greaterThan(5_000_000);

    // Another conversation of the same socket is not stopped by it.
    const other = socket.conversation("other").ask("y")[Symbol.asyncIterator]();
    const next = other.next();
    await peer?.frame(1);
    peer?.tell("other", delta(1, "here"));
    expect(await next).to.deep.equal({ done: false, value: { text: "here" } });

    let last = await pieces.next();
    while (last.done !== true) last = await pieces.next();
    expect(slow.answer.text).to.have.length(count * 100_000);
    await socket.close();
  });
});
