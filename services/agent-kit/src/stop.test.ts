// What ends is told once, by the kit's own signal and by a real one alike.

import { expect } from "chai";
import { createStop } from "./stop.ts";

describe("a stop", () => {
  it("tells those who listen once, and those no more who have left", () => {
    const stop = createStop();
    const told: string[] = [];
    const leaves = (): void => void told.push("left");
    stop.addEventListener("abort", () => told.push(`told ${stop.aborted}`));
    stop.addEventListener("abort", leaves);
    stop.removeEventListener("abort", leaves);
    stop.abort("over");
    stop.abort("over again");
    expect(told).to.deep.equal(["told true"]);
    expect(stop.reason).to.equal("over");
  });

  it("is a real signal for who asks for one, before and after", () => {
    const early = createStop();
    const { signal } = early;
    expect(signal.aborted).to.equal(false);
    early.abort("over");
    expect([signal.aborted, signal.reason]).to.deep.equal([true, "over"]);
    const late = createStop();
    late.abort("over");
    expect([late.signal.aborted, late.signal.reason]).to.deep.equal([true, "over"]);
  });
});
