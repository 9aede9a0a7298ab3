import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { createMemory } from "./memory.ts";
import { createOutbox } from "./outbox.ts";

const KiB = 1_024;

describe("what goes to a client", () => {
  const start = (ofCaller = 1_000_000) => {
    const clock = createManualClock();
    const memory = createMemory({ ofCaller, ofAll: 10_000_000 });
    const told: string[] = [];
    const waiting: { readonly bytes: number; sent(): void }[] = [];
    const socket = {
      get bufferedAmount() {
        return waiting.reduce((sum, { bytes }) => sum + bytes, 0);
      },
      send: (text: string, sent: () => void) => void waiting.push({ bytes: text.length, sent }),
    };
    const unread = {
      paused: () => void told.push("paused"),
      resumed: () => void told.push("resumed"),
      stuck: () => void told.push("stuck"),
    };
    const share = memory.shareOf("me");
    const outbox = createOutbox(socket, unread, { clock, patienceMs: 1_000, share });
    const send = (bytes: number): void => outbox.send({ text: "x".repeat(bytes) });
    const read = (): void => waiting.shift()?.sent();
    return { clock, memory, read, send, told };
  };

  it("has agents wait where it is much, until little of it is left", () => {
    const { read, send, told } = start();
    for (let frames = 0; frames < 4; frames += 1) send(70 * KiB);
    expect(told).to.deep.equal(["paused"]);
    read();
    read();
    expect(told).to.deep.equal(["paused"]);
    read();
    read();
    expect(told).to.deep.equal(["paused", "resumed"]);
  });

  it("is no client's fault while it reads, however slowly, and is where it reads nothing", () => {
    const { clock, read, send, told } = start();
    for (let frames = 0; frames < 10; frames += 1) send(100 * KiB);
    for (let frames = 0; frames < 5; frames += 1) {
      clock.pass(999);
      read();
    }
    expect(told).to.deep.equal(["paused"]);
    clock.pass(1_000);
    expect(told).to.deep.equal(["paused", "stuck"]);
  });

  it("is counted until it has gone, and waits sooner where there is no room", () => {
    const { memory, read, send, told } = start(40 * KiB);
    send(20 * KiB);
    expect(told).to.deep.equal([]);
    expect(memory.held).to.be.within(20 * KiB, 21 * KiB);
    send(25 * KiB);
    expect(told).to.deep.equal(["paused"]);
    read();
    read();
    expect(told).to.deep.equal(["paused", "resumed"]);
    expect(memory.held).to.equal(0);
  });
});
