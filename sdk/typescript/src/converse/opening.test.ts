import { createServer } from "node:http";
import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import {
  Cancelled,
  ConnectionFailed,
  DeadlineExceeded,
  StreamBroken,
  Unauthenticated,
} from "../errors.ts";
import { testClient } from "../testing/client.ts";
import { failureOf } from "../testing/failure.ts";
import { listen } from "../testing/listen.ts";
import { ready, type SocketServer, serveSockets } from "../testing/socket-server.ts";
import { refusal } from "../testing/wire-server.ts";

describe("a socket that is opened", () => {
  let server: SocketServer | undefined;
  afterEach(() => server?.close());

  it("is given up after ten seconds where nobody answers", async () => {
    let hangUp: (() => void) | undefined;
    const silent = createServer();
    const asked = new Promise<void>((resolve) => {
      silent.on("upgrade", (_, socket) => {
        socket.on("error", () => undefined);
        hangUp = () => socket.destroy();
        resolve();
      });
    });
    const { close, port } = await listen(silent);
    const clock = createManualClock();
    const client = testClient({ url: `http://127.0.0.1:${port}`, retries: 0 }, clock);
    const failed = failureOf(client.agent("a").converse());
    await asked;
    clock.pass(10_000);
    expect(await failed).to.include({
      name: "ConnectionFailed",
      reason: "CONNECTION_FAILED",
      status: 0,
    });
    expect(clock.waiting()).to.equal(0);
    hangUp?.();
    await close();
  });

  it("is opened again where the gateway has no room at first", async () => {
    let tries = 0;
    server = await serveSockets({
      opened(peer) {
        tries++;
        if (tries === 1) peer.raw.close(1013);
        else ready(peer);
      },
    });
    const socket = await testClient({ url: server.url }).agent("a").converse();
    expect(tries).to.equal(2);
    await socket.close();
  });

  it("shows another token where one is refused, and says why where none is taken", async () => {
    server = await serveSockets({
      refuse: ({ authorization }) =>
        authorization === "Bearer token-2"
          ? undefined
          : { status: 401, body: refusal(401, "TOKEN_NOT_ACCEPTED") },
    });
    const { url } = server;
    let asked = 0;
    const socket = await testClient({ url, token: () => `token-${++asked}` })
      .agent("a")
      .converse();
    expect([asked, socket.agent]).to.deep.equal([2, "a"]);
    await socket.close();
    const error = await failureOf(testClient({ url, token: "x" }).agent("a").converse());
    expect(error).to.be.instanceOf(Unauthenticated);
    expect(error).to.include({ reason: "TOKEN_NOT_ACCEPTED", requestId: "request-1" });
  });

  it("is tried again where the gateway says so, or closes before it is ready", async () => {
    let tries = 0;
    const served = await serveSockets({
      refuse: () => {
        tries++;
        const body = refusal(503, "GATEWAY_ENDING", { retry: "yes" });
        return tries === 1 ? { status: 503, body } : undefined;
      },
      opened(peer) {
        if (tries === 2) peer.raw.close(1001);
        else peer.say({ type: "ready", agent: "a" });
      },
    });
    server = served;
    await (await testClient({ url: served.url }).agent("a").converse()).close();
    expect(tries).to.equal(3);
  });

  it("fails where nobody is there, and where no gateway is", async () => {
    server = await serveSockets({ refuse: () => ({ status: 200, body: "<html>" }) });
    const { url } = server;
    const page = await failureOf(testClient({ url }).agent("a").converse());
    expect(page).to.include({ reason: "BAD_ANSWER", status: 200 });
    await server.close();
    const nobody = await failureOf(testClient({ url }).agent("a").converse());
    expect(nobody).to.be.instanceOf(ConnectionFailed).and.to.include({ retryable: true });
    server = await serveSockets({ opened: (peer) => peer.raw.terminate() });
    const cut = await failureOf(testClient({ url: server.url }).agent("a").converse());
    expect(cut).to.be.instanceOf(StreamBroken);
  });

  it("is given up at its deadline", async () => {
    server = await serveSockets({ opened: () => undefined });
    const agent = testClient({ url: server.url }).agent("a");
    expect(await failureOf(agent.converse({ timeoutMs: 1_000 }))).to.be.instanceOf(
      DeadlineExceeded,
    );
    expect(await server.sockets[0]?.closed).to.be.oneOf([1000, 1006]);
    const over = agent.converse({ signal: AbortSignal.abort() });
    expect(await failureOf(over)).to.be.instanceOf(Cancelled);
  });
});
