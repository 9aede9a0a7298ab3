import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { createReading } from "./reading.ts";

describe("the reading of a socket", () => {
  const start = () => {
    const clock = createManualClock();
    const done: string[] = [];
    const note = (what: string) => (): void => void done.push(what);
    const socket = { pause: note("pause"), resume: note("resume"), ping: note("ping") };
    const reading = createReading(socket, { clock, everyMs: 1_000, gone: note("gone") });
    return { clock, done, reading };
  };

  it("goes on once nothing hinders it any more, whatever came first", () => {
    const { done, reading } = start();
    reading.hinder("frames");
    reading.hinder("unread");
    reading.hinder("frames");
    reading.free("frames");
    reading.free("frames");
    expect(done).to.deep.equal(["pause"]);
    reading.free("unread");
    expect(done).to.deep.equal(["pause", "resume"]);
  });

  it("finds a client that does not answer, after a whole time of waiting", () => {
    const { clock, done, reading } = start();
    clock.pass(1_500);
    reading.heard();
    clock.pass(1_400);
    expect(done).to.deep.equal(["ping", "ping"]);
    clock.pass(100);
    expect(done).to.deep.equal(["ping", "ping", "gone"]);
    clock.pass(10_000);
    expect(done).to.have.length(3);
  });

  it("counts no time against a client in which it is not read", () => {
    const { clock, done, reading } = start();
    clock.pass(1_000);
    reading.hinder("unread");
    clock.pass(60_000);
    reading.free("unread");
    clock.pass(1_999);
    expect(done).to.deep.equal(["ping", "pause", "resume", "ping"]);
    reading.stop();
    clock.pass(60_000);
    expect(done).to.have.length(4);
  });
});
