import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { StreamBroken } from "../errors.ts";
import { testClient } from "../testing/client.ts";
import { serveSockets } from "../testing/socket-server.ts";
import { keepAlive, silenceMs } from "./keep-alive.ts";

describe("a silence", () => {
  const watch = () => {
    const clock = createManualClock();
    const told: string[] = [];
    let deaf = false;
    const watched = keepAlive(clock, {
      deaf: () => deaf,
      ask: () => told.push("ask"),
      gone: () => told.push("gone"),
    });
    const hearNothing = (nothing: boolean): void => {
      deaf = nothing;
    };
    return { clock, told, watched, hearNothing };
  };

  it("is broken by a question, and ends the socket where that is not answered", () => {
    const { clock, told } = watch();
    clock.pass(silenceMs * 4);
    expect(told).to.deep.equal(["ask", "gone"]);
    expect(clock.waiting()).to.equal(0);
  });

  it("is none while something comes, or while nothing is read", () => {
    const { clock, hearNothing, told, watched } = watch();
    for (let times = 0; times < 5; times++) {
      clock.pass(silenceMs);
      watched.heard();
    }
    hearNothing(true);
    clock.pass(silenceMs * 5);
    expect(told.filter((each) => each === "gone")).to.deep.equal([]);
    watched.stop();
    expect(clock.waiting()).to.equal(0);
  });

  it("of a real socket is asked about, and then breaks it", async () => {
    const server = await serveSockets();
    const clock = createManualClock();
    const socket = await testClient({ url: server.url }, clock).agent("a").converse();
    const [peer] = server.sockets;
    clock.pass(silenceMs * 2);
    expect(await peer?.frame(0)).to.deep.equal({ type: "ping" });
    clock.pass(silenceMs);
    expect(await socket.closed).to.be.instanceOf(StreamBroken);
    await server.close();
  });

  it("of who should answer a close keeps nobody waiting", async () => {
    const server = await serveSockets();
    const clock = createManualClock();
    const socket = await testClient({ url: server.url }, clock).agent("a").converse();
    server.sockets[0]?.raw.pause();
    const closed = socket.close();
    clock.pass(2_000);
    await closed;
    expect(await socket.closed).to.equal(undefined);
    expect(clock.waiting()).to.equal(0);
    await server.close();
  });
});
