import { createLog } from "@smartcall/runtime";
import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { watchListener } from "./watch-listener.ts";

describe("the listener that sockets came through", () => {
  const everyMs = 1_000;
  const start = (within: number) => {
    const clock = createManualClock();
    const drained: number[] = [];
    const sessions: { readonly listener: string; drain(): void }[] = [];
    const open = (listener: string, count = 1): void => {
      for (let left = count; left > 0; left -= 1) {
        const number = sessions.length;
        sessions.push({ listener, drain: () => void drained.push(number) });
      }
    };
    let answer: string | undefined = "first";
    let asked = 0;
    const ask = (): Promise<string | undefined> => {
      asked += 1;
      return Promise.resolve(answer);
    };
    const lines: string[] = [];
    const log = createLog("test", "info", { write: (line) => lines.push(line) });
    const stop = watchListener(() => sessions, { ask, clock, everyMs, within, log });
    const pass = async (times: number): Promise<void> => {
      for (let left = times; left > 0; left -= 1) {
        await clock.passSlowly(everyMs);
        await new Promise((resolve) => setImmediate(resolve));
      }
    };
    const say = (listener: string | undefined): void => {
      answer = listener;
    };
    return { asked: () => asked, drained, open, pass, say, stop };
  };

  it("sends away those of another once it changes, not all of them at once", async () => {
    const { drained, open, pass, say, stop } = start(4);
    open("first", 100);
    await pass(20);
    expect(drained).to.deep.equal([]);
    say("second");
    open("second", 10);
    await pass(1);
    expect(drained).to.have.length(25);
    await pass(1);
    expect(drained).to.have.length(50);
    await pass(2);
    expect(drained).to.have.length(100);
    expect(Math.max(...drained)).to.equal(99);
    // The listener of before lets some in for a while.
    open("first");
    await pass(1);
    expect(drained).to.have.length(101);
    stop();
  });

  it("lets those be that come by another one where nothing changes: it may have been refused", async () => {
    const { drained, open, pass, say, stop } = start(0);
    open("first");
    say("refused");
    await pass(20);
    expect(drained).to.have.length(1);
    open("first");
    say(undefined);
    await pass(5);
    say("refused");
    await pass(5);
    expect(drained).to.have.length(1);
    stop();
  });

  it("is not asked after while there is no socket, nor after the end", async () => {
    const { asked, open, pass, stop } = start(0);
    await pass(5);
    expect(asked()).to.equal(0);
    open("first");
    await pass(2);
    expect(asked()).to.equal(2);
    stop();
    await pass(5);
    expect(asked()).to.equal(2);
  });
});
