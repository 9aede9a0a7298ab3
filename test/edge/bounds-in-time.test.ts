import { once } from "node:events";
import { connect as connectPlain, type Socket } from "node:net";
import { expect } from "chai";
import { eventually, pause } from "../harness/eventually.ts";
import { callOn, openHttp2 } from "../harness/http2.ts";
import { frame, frameTypes, headerBlock, openFrames } from "../harness/http2-frames.ts";
import { connectRaw, hear } from "../harness/raw-http.ts";
import { asking, type RestReply, type RestRequest } from "../harness/rest.ts";
import { answered, boundedMesh, expectBeyond, withEcho } from "./bounded-gateway.ts";
import { startGateway, type TestGateway } from "./gateway.ts";
import { type ObedientAgent, startObedientAgent } from "./obedient-agent.ts";

describe("docs/gateway-bounds.md, how long requests take and how many connections", function () {
  this.timeout(30_000);
  let agent: ObedientAgent;
  let gateway: TestGateway;
  before(async () => {
    agent = await startObedientAgent();
    gateway = await startGateway(await withEcho(boundedMesh, agent));
  });
  after(async () => {
    await gateway.stop();
    agent.stop();
  });

  const path = "/v1/agents/echo:invoke";
  const request = (more: Partial<RestRequest>): RestRequest => ({
    path,
    token: gateway.token(),
    body: asking("hello"),
    ...more,
  });

  it("bounds how long a body may take, and then says so", async () => {
    const slow = openHttp2(gateway);
    const began = performance.now();
    const twice = await Promise.all([
      slowBody(gateway, request({})),
      callOn(slow, request({ body: '{"messages"' }), { hold: true }).then(answered),
    ]);
    expect(performance.now() - began).to.be.within(2_500, 10_000);
    slow.destroy();
    for (const reply of twice) expectBeyond(reply, 408, "REQUEST_TIMEOUT", "requestTime");
  });

  it("bounds how long headers may take", async () => {
    const socket = await connectRaw(gateway);
    socket.write(`POST ${path} HTTP/1.1\r\nhost: localhost\r\nx-slow: `);
    const began = performance.now();
    const { closed, text } = await hear(socket, 8_000);
    expect(performance.now() - began).to.be.within(500, 7_000);
    expect(closed).to.equal(true);
    expect(text)
      .to.match(/^HTTP\/1.1 408 /)
      .and.contain('"rule":"gateway.bounds.headersTime"');
  });

  it("bounds how long the headers of HTTP/2 may take", async () => {
    const connection = await openFrames(gateway);
    // Its own answer to the gateway's settings would come between the parts of the headers.
    await eventually(() => expect(connection.frames.map(({ type }) => type)).to.include(4));
    // The last frame of the headers never comes.
    connection.send(frame(frameTypes.headers, 0, 1, headerBlock([[":method", "POST"]])));
    const began = performance.now();
    expect(await connection.ending(1, 10_000)).to.equal("refused");
    expect(performance.now() - began).to.be.within(500, 9_000);
    await eventually(() => {
      const told = connection.frames.map(({ payload }) => payload.toString()).join("");
      expect(told).to.contain('"rule":"gateway.bounds.headersTime"');
    });
    connection.socket.destroy();
  });

  it("bounds how long the handshake may take", async () => {
    const socket = connectPlain(gateway.port, "127.0.0.1");
    const began = performance.now();
    await closed(socket);
    expect(performance.now() - began).to.be.within(500, 7_000);
  });

  it("tells HTTP/2 clients how many calls they may have at once", async () => {
    const session = openHttp2(gateway);
    const [settings] = await once(session, "remoteSettings");
    expect(settings).to.include({ maxConcurrentStreams: 5 });
    session.destroy();
  });

  it("closes connections that are idle", async () => {
    const socket = await connectRaw(gateway);
    const session = openHttp2(gateway);
    const gone = once(session, "goaway");
    await once(session, "connect");
    const began = performance.now();
    expect((await hear(socket, 15_000)).closed).to.equal(true);
    await gone;
    expect(performance.now() - began).to.be.within(1_500, 14_000);
  });

  it("closes connections beyond as many as there may be", async () => {
    const held: Socket[] = [];
    try {
      for (let index = 0; index < 40; index++) held.push(await connectRaw(gateway));
      expect(await failure(() => connectRaw(gateway))).to.match(/reset|hang up|disconnected/i);
    } finally {
      for (const socket of held) socket.destroy();
    }
    await eventually(async () => (await connectRaw(gateway)).destroy());
  });
  it("closes connections that begin too fast", async () => {
    const text = boundedMesh.replace("newConnections: 200", "newConnections: 5");
    const gateway = await startGateway(await withEcho(text, agent));
    try {
      await pause(1_100);
      const open = Array.from({ length: 30 }, () =>
        failure(async () => {
          (await connectRaw(gateway)).destroy();
        }),
      );
      const ends = await Promise.all(open);
      expect(ends.filter((end) => end === "").length).to.be.within(1, 20);
      await eventually(async () => (await connectRaw(gateway)).destroy());
    } finally {
      await gateway.stop();
    }
  });
});

/** Sends a part of the body, and waits. */
async function slowBody(gateway: TestGateway, { path, token }: RestRequest): Promise<RestReply> {
  const socket = await connectRaw(gateway);
  const lines = [
    `POST ${path} HTTP/1.1`,
    "host: localhost",
    `authorization: Bearer ${token}`,
    "content-type: application/json",
    "content-length: 100",
    "",
    '{"messages"',
  ];
  socket.write(lines.join("\r\n"));
  const { text } = await hear(socket, 10_000);
  const [head = "", body = ""] = text.split("\r\n\r\n");
  const [first = "", ...others] = head.split("\r\n");
  const headers = Object.fromEntries(
    others.map((line) => [line.split(": ")[0]?.toLowerCase() ?? "", line.split(": ")[1] ?? ""]),
  );
  const json: unknown = JSON.parse(body);
  return { status: Number(first.split(" ")[1]), headers, text: body, json };
}

/** What it fails with; "" where it does not. */
async function failure(act: () => Promise<unknown>): Promise<string> {
  try {
    await act();
    return "";
  } catch (error) {
    return String(error);
  }
}

function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    socket.on("error", () => undefined);
    socket.once("close", () => resolve());
    socket.resume();
  });
}
