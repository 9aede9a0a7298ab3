import { createServer } from "node:http";
import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { testClient } from "../testing/client.ts";
import { failureOf } from "../testing/failure.ts";
import { listen } from "../testing/listen.ts";
import { ready, serveSockets } from "../testing/socket-server.ts";

describe("a socket that is opened", () => {
  it("is given up after ten seconds where nobody answers", async () => {
    let hangUp: (() => void) | undefined;
    const server = createServer();
    const asked = new Promise<void>((resolve) => {
      server.on("upgrade", (_, socket) => {
        socket.on("error", () => undefined);
        hangUp = () => socket.destroy();
        resolve();
      });
    });
    const { close, port } = await listen(server);
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
    const server = await serveSockets({
      opened(peer) {
        tries++;
        if (tries === 1) peer.raw.close(1013);
        else ready(peer);
      },
    });
    const socket = await testClient({ url: server.url }).agent("a").converse();
    expect(tries).to.equal(2);
    await socket.close();
    await server.close();
  });
});
