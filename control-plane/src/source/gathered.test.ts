import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { createGathered, gatheredMs } from "./gathered.ts";

function counted() {
  const clock = createManualClock();
  let acts = 0;
  const gathered = createGathered(clock, () => {
    acts += 1;
  });
  return { clock, gathered, acts: () => acts };
}

describe("changes that come together", () => {
  it("are acted on at once where nothing was before", async () => {
    const { acts, clock, gathered } = counted();
    gathered.changed();
    expect(acts()).to.equal(1);
    await gathered.settled();
    clock.pass(gatheredMs);
    gathered.changed();
    expect(acts()).to.equal(2);
  });

  it("are one change where they follow another, and no later for being many", async () => {
    const { acts, clock, gathered } = counted();
    gathered.changed();
    gathered.changed();
    clock.pass(gatheredMs - 1);
    gathered.changed();
    expect(acts()).to.equal(1);
    let settled = false;
    const all = gathered.settled().then(() => {
      settled = true;
    });
    await Promise.resolve();
    expect(settled).to.equal(false);
    clock.pass(1);
    expect(acts()).to.equal(2);
    await all;
  });

  it("are not acted on after the end", () => {
    const { acts, clock, gathered } = counted();
    gathered.changed();
    gathered.changed();
    gathered.close();
    expect(clock.waiting()).to.equal(0);
    expect(acts()).to.equal(1);
  });
});
