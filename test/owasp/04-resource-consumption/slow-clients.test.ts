// API4:2023: clients that take all the time in the world, and connections without end.
import { connect as connectPlain, type Socket } from "node:net";
import { expect } from "chai";
import {
  frame,
  frameTypes,
  headerBlock,
  headersFrame,
  openFrames,
} from "../../harness/http2-frames.ts";
import { connectRaw, hear, type RawAnswer, requestText } from "../../harness/raw-http.ts";
import { asking } from "../../harness/rest.ts";
import { type Attacked, startAttacked } from "../attacked.ts";

/** Shorter than the standard, so that the test need not wait as long. */
const bounds = { headersMs: 1_000, requestMs: 2_000, idleMs: 2_000, connections: 40 };

describe("OWASP API4: slow clients", function () {
  this.timeout(60_000);
  let mesh: Attacked;
  before(async () => {
    mesh = await startAttacked({ bounds });
  });
  after(() => mesh?.stop());

  const begin = (headers: readonly string[]): string =>
    requestText(
      "POST /v1/agents/echo:invoke HTTP/1.1",
      [
        "content-type: application/json",
        `authorization: Bearer ${mesh.gateway.token()}`,
        ...headers,
      ],
      "",
      false,
    );

  /** Says a first part at once, and then one byte after the other. */
  async function drip(first: string, rest: string): Promise<RawAnswer> {
    const socket = await connectRaw(mesh.gateway);
    const heard = hear(socket, 10_000);
    socket.write(first);
    let at = 0;
    const dripping = setInterval(() => {
      if (socket.destroyed || at >= rest.length) clearInterval(dripping);
      else socket.write(rest.charAt(at++));
    }, 100);
    const answer = await heard;
    clearInterval(dripping);
    return answer;
  }

  it("one that never ends its handshake is let go", async () => {
    for (const said of ["", "\u0016\u0003\u0001"]) {
      const socket = connectPlain({ host: "127.0.0.1", port: mesh.gateway.port });
      socket.write(said);
      expect(await closedWithin(socket, 5_000)).to.equal(true);
    }
  });

  it("one whose headers come byte by byte is told that it is late", async () => {
    const whole = begin([`x-long: ${"a".repeat(1_000)}`]);
    const { statuses, closed } = await drip(whole.slice(0, 20), whole.slice(20));
    expect(statuses).to.deep.equal([408]);
    expect(closed).to.equal(true);
  });

  it("so is one whose body does", async () => {
    const body = JSON.stringify(asking("a".repeat(1_000)));
    const head = begin([`content-length: ${body.length}`]);
    const before = mesh.agent.seen.length;
    const { statuses, text } = await drip(head, body);
    expect(statuses).to.deep.equal([408]);
    expect(text).to.contain("REQUEST_TIMEOUT");
    expect(mesh.agent.seen.length).to.equal(before);
  });

  it("one that says nothing after its first call is let go", async () => {
    const body = JSON.stringify(asking("hello"));
    const { statuses, closed } = await drip(
      `${begin([`content-length: ${body.length}`])}${body}`,
      "",
    );
    expect(statuses).to.deep.equal([200]);
    expect(closed).to.equal(true);
  });

  it("over HTTP/2 too: headers without end, and a body that never comes", async () => {
    const head = [
      [":method", "POST"],
      [":scheme", "https"],
      [":authority", "localhost"],
      [":path", "/v1/agents/echo:invoke"],
      ["content-type", "application/json"],
      ["authorization", `Bearer ${mesh.gateway.token()}`],
    ] as const;
    const endless = await openFrames(mesh.gateway);
    endless.send(frame(frameTypes.headers, 0, 1, headerBlock(head)));
    const waiting = await openFrames(mesh.gateway);
    waiting.send(headersFrame(1, head, false));
    expect(await endless.ending(1, 15_000)).to.be.oneOf(["refused", "reset", "goaway", "closed"]);
    expect(await waiting.ending(1, 15_000)).to.be.oneOf(["refused", "reset"]);
    for (const { socket } of [endless, waiting]) socket.destroy();
  });

  it("and no number of them keeps others out for longer than that", async () => {
    const sockets = Array.from({ length: 100 }, () =>
      connectPlain({ host: "127.0.0.1", port: mesh.gateway.port }).on("error", () => undefined),
    );
    await Promise.all(sockets.map((socket) => closedWithin(socket, 10_000)));
    expect((await mesh.call()).status).to.equal(200);
  });
});

function closedWithin(socket: Socket, patienceMs: number): Promise<boolean> {
  return new Promise((resolve) => {
    const late = setTimeout(() => {
      socket.destroy();
      resolve(false);
    }, patienceMs);
    socket.on("error", () => undefined);
    socket.resume();
    socket.once("close", () => {
      clearTimeout(late);
      resolve(true);
    });
  });
}
