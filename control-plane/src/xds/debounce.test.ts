import { createManualClock, type ManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { createDebounce, type Lane } from "./debounce.ts";

function pushes(script: (change: (lane: Lane) => void, clock: ManualClock) => void): number[] {
  const clock = createManualClock();
  const at: number[] = [];
  const debounce = createDebounce(clock, () => at.push(clock.now()));
  script((lane) => debounce.changed(lane), clock);
  clock.pass(10_000);
  return at;
}

describe("debounce", () => {
  it("A80 makes one push of many changes inside the quiet window", () => {
    const at = pushes((change, clock) => {
      for (let i = 0; i < 4; i += 1) {
        change("config");
        clock.pass(50);
      }
    });
    expect(at).to.deep.equal([250]);
  });

  it("A80 pushes at least once each longest window while changes never stop", () => {
    const at = pushes((change, clock) => {
      for (let i = 0; i < 24; i += 1) {
        change("config");
        clock.pass(50);
      }
    });
    expect(at).to.deep.equal([500, 1000, 1250]);
  });

  it("A80 pushes endpoints sooner, and with them whatever else waits", () => {
    const at = pushes((change) => {
      change("config");
      change("endpoints");
    });
    expect(at).to.deep.equal([20]);
  });

  it("A80 pushes endpoints at least each 250 ms", () => {
    const at = pushes((change, clock) => {
      for (let i = 0; i < 30; i += 1) {
        change("endpoints");
        clock.pass(10);
      }
    });
    expect(at).to.deep.equal([250, 310]);
  });

  it("A06 leaves no timer once it is cancelled", () => {
    const clock = createManualClock();
    const debounce = createDebounce(clock, () => expect.fail("pushed"));
    debounce.changed("config");
    debounce.cancel();
    expect(clock.waiting()).to.equal(0);
  });
});
