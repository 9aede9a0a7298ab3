import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { awaitGateway, awaitMs } from "./await-gateway.ts";

describe("waiting for a gateway at a start", () => {
  const rig = (expected: boolean) => {
    const clock = createManualClock();
    const at: number[] = [];
    const of: { expected: boolean; there: { answered: boolean }[] } = { expected, there: [] };
    const wait = awaitGateway(
      { clock, progress: () => of.there, expected: () => of.expected },
      () => at.push(clock.now()),
    );
    return { clock, at, of, wait };
  };

  it("ends at once when one has answered, and only once", () => {
    const { clock, at, of, wait } = rig(true);
    wait.moved();
    of.there = [{ answered: false }];
    wait.moved();
    expect(at).to.deep.equal([]);
    of.there = [{ answered: true }];
    wait.moved();
    wait.moved();
    clock.pass(10 * awaitMs);
    expect(at).to.have.length(1);
  });

  it("ends after a few seconds where none is expected", () => {
    const { clock, at } = rig(false);
    clock.pass(awaitMs - 1);
    expect(at).to.deep.equal([]);
    clock.pass(1);
    expect(at).to.have.length(1);
  });

  it("goes on while one is expected, until it is forgotten", () => {
    const { clock, at, of } = rig(true);
    for (let i = 0; i < 20; i += 1) clock.pass(awaitMs);
    expect(at).to.deep.equal([]);
    of.expected = false;
    clock.pass(awaitMs);
    expect(at).to.have.length(1);
  });

  it("ends where one is there and says nothing for a while", () => {
    const { clock, at, of } = rig(true);
    of.there = [{ answered: false }];
    clock.pass(awaitMs);
    clock.pass(awaitMs);
    expect(at).to.have.length(1);
  });
});
