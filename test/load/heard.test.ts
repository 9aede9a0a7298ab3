import { expect } from "chai";
import { type Heard, hear, nothingHeard } from "./heard.ts";

describe("A stream under load", () => {
  const all = (...events: readonly (readonly [unknown, number])[]): Heard =>
    events.reduce((heard, [event, ms]) => hear(heard, event, ms), nothingHeard);
  const piece = (sequence: number): unknown => ({ sequence, delta: { content: `${sequence} ` } });
  const done = (sequence: number): unknown => ({ sequence, done: { finishReason: "stop" } });

  it("is whole once it has ended with `done`, and not before", () => {
    expect(all([piece(1), 30], [piece(2), 90]).whole).to.equal(false);
    expect(all([piece(1), 30], [piece(2), 90], [done(3), 95])).to.deep.equal({
      firstMs: 30,
      lastMs: 95,
      silenceMs: 60,
      pieces: 2,
      text: "1 2 ",
      sequence: 3,
      whole: true,
    });
  });

  it("counts no heartbeat as a piece", () => {
    const heard = all([piece(1), 1], [{ sequence: 2, heartbeat: {} }, 2], [done(3), 3]);
    expect([heard.pieces, heard.whole]).to.deep.equal([1, true]);
  });

  it("is wrong with a gap, an error, or an event after its end, and stays so", () => {
    expect(all([piece(1), 1], [piece(3), 2], [done(4), 3])).to.include({
      whole: false,
      wrong: "event 3 came after 1",
    });
    expect(all([piece(1), 1], [{ sequence: 2, error: { code: 14 } }, 2])).to.include({
      whole: false,
      wrong: 'it ended with {"code":14}',
    });
    expect(all([done(1), 1], [piece(2), 2]).whole).to.equal(false);
  });
});
