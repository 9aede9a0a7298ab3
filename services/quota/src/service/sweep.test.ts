// What never settled, and what a round that finds none of it says of the disk.

import { createManualClock } from "@smartcall/runtime/testing";
import { expect } from "chai";
import type { Expired, Kept } from "../ledger/ledger.ts";
import { sweep } from "./sweep.ts";
import { createTrouble } from "./trouble.ts";

const idle: Kept<Expired> = { ok: true, value: { charged: 0, more: false } };
const lost: Kept<Expired> = { ok: false, problem: "Redis does not answer." };

describe("sweeping up calls that never settled", () => {
  const rig = () => {
    const clock = createManualClock();
    const said: string[] = [];
    const charged: number[] = [];
    const answers: Kept<Expired>[] = [];
    const trouble = createTrouble({
      began: (problem) => said.push(problem),
      over: () => said.push("over"),
    });
    const stop = sweep({
      ledger: { expire: async () => answers.shift() ?? idle },
      clock,
      trouble,
      metrics: { expired: () => undefined },
      expired: (calls) => charged.push(calls),
    });
    return { answers, charged, clock, said, stop, trouble };
  };

  it("goes on as long as there is more, and again a second later", async () => {
    const { answers, charged, clock, stop } = rig();
    answers.push(
      { ok: true, value: { charged: 200, more: true } },
      { ok: true, value: { charged: 3, more: false } },
      { ok: true, value: { charged: 1, more: false } },
    );
    await clock.passSlowly(1_000);
    expect(charged).to.deep.equal([200, 3]);
    await clock.passSlowly(1_000);
    expect(charged).to.deep.equal([200, 3, 1]);
    await stop();
  });

  it("takes a round that wrote nothing for no sign that a full disk has room again", async () => {
    const { answers, clock, said, stop, trouble } = rig();
    trouble.failed("The disk is full.");
    await clock.passSlowly(3_000);
    expect(said).to.deep.equal(["The disk is full."]);
    answers.push({ ok: true, value: { charged: 1, more: false } });
    await clock.passSlowly(1_000);
    expect(said).to.deep.equal(["The disk is full.", "over"]);
    await stop();
  });

  it("says by itself that the ledger is back, where it failed itself", async () => {
    const { answers, clock, said, stop } = rig();
    answers.push(lost, lost);
    await clock.passSlowly(3_000);
    expect(said).to.deep.equal(["Redis does not answer.", "over"]);
    await stop();
  });
});
