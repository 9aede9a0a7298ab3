// The ends of calls, while what they are written into fails.

import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import type { Kept } from "../ledger/ledger.ts";
import { createSettles, mostWaiting } from "./settles.ts";
import { createTrouble } from "./trouble.ts";

describe("the ends of calls", () => {
  const rig = () => {
    const clock = createManualClock();
    const said: string[] = [];
    const settled: string[] = [];
    let full = false;
    let dropped = 0;
    const trouble = createTrouble({
      began: (problem) => said.push(problem),
      over: () => said.push("over"),
    });
    const settles = createSettles({
      ledger: {
        async settle(id): Promise<Kept<"settled">> {
          if (full) return { ok: false, problem: "The disk is full." };
          settled.push(id);
          return { ok: true, value: "settled" };
        },
      },
      clock,
      trouble,
      dropped: () => {
        dropped += 1;
      },
    });
    return {
      clock,
      said,
      settled,
      settles,
      trouble,
      dropped: () => dropped,
      fill: (value: boolean) => {
        full = value;
      },
    };
  };
  const none = { kind: "unknown" } as const;

  it("wait in memory while the disk is full, which is said once, and are written down after", async () => {
    const { clock, fill, said, settled, settles, trouble } = rig();
    fill(true);
    for (const id of ["a", "b", "c"]) expect(await settles.settle(id, none)).to.equal("waits");
    await clock.passSlowly(2_000);
    expect(said).to.deep.equal(["The disk is full."]);
    expect(trouble.problem()).to.equal("The disk is full.");
    expect(settles.waiting()).to.equal(3);
    fill(false);
    await clock.passSlowly(500);
    expect(settled).to.deep.equal(["a", "b", "c"]);
    expect(settles.waiting()).to.equal(0);
    expect(said).to.deep.equal(["The disk is full.", "over"]);
    expect(trouble.problem()).to.equal(undefined);
  });

  it("that are too many are forgotten, the oldest first, and counted", async () => {
    const { dropped, fill, settled, settles } = rig();
    fill(true);
    for (let made = 0; made <= mostWaiting; made += 1) await settles.settle(`${made}`, none);
    expect(dropped()).to.equal(1);
    fill(false);
    await settles.close();
    expect(settled).to.have.lengthOf(mostWaiting);
    expect(settled[0]).to.equal("1");
  });

  it("are tried once more at the end, and then given up", async () => {
    const { fill, settles } = rig();
    fill(true);
    await settles.settle("a", none);
    await settles.close();
    expect(settles.waiting()).to.equal(0);
  });
});
