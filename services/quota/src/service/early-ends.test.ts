// Ends of calls that came before their beginnings.

import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import { createEarlyEnds } from "./early-ends.ts";

describe("ends that came before their beginnings", () => {
  const rig = () => {
    const clock = createManualClock();
    const settled: string[] = [];
    const ends = createEarlyEnds(
      {
        async settle(id, { kind }) {
          settled.push(`${id} ${kind}`);
          return "settled";
        },
      },
      clock,
    );
    return { clock, ends, settled };
  };

  it("are tried once more, when another service must have written the beginning down", async () => {
    const { clock, ends, settled } = rig();
    ends.unknown("a", { kind: "unsent" });
    await clock.passSlowly(2_000);
    expect(settled).to.deep.equal([]);
    await clock.passSlowly(1_000);
    expect(settled).to.deep.equal(["a unsent"]);
    await clock.passSlowly(60_000);
    expect(settled).to.have.length(1);
  });

  it("are not those of calls that this service refused", async () => {
    const { clock, ends, settled } = rig();
    ends.notGranted("a");
    ends.unknown("a", { kind: "unsent" });
    await clock.passSlowly(60_000);
    expect(settled).to.deep.equal([]);
  });

  it("are bounded, and forgotten at the end", async () => {
    const { clock, ends, settled } = rig();
    for (let call = 0; call < 20_000; call += 1) ends.unknown(`${call}`, { kind: "unsent" });
    ends.close();
    await clock.passSlowly(60_000);
    expect(settled).to.deep.equal([]);
  });
});
