// A budget holds exactly for minutes, though all that counts dies again and again.
import { expect } from "chai";
import { callAtOnce, everyWay } from "../harness/budget-callers.ts";
import { type BudgetMesh, budget, startBudgetMesh } from "../harness/budget-mesh.ts";
import { eventually, pause } from "../harness/eventually.ts";
import { smartcall } from "../harness/smartcall.ts";

const rounds = 8;

describe("a budget, for long", () => {
  let of: BudgetMesh;
  before(async () => {
    of = await startBudgetMesh();
  });
  after(() => of?.stop());

  it("is never exceeded, nor charged less than was used, raised while all dies again and again", async () => {
    const watched = of.watch("red");
    for (let round = 1; round <= rounds; round++) {
      const calling = callAtOnce(of, "red", { callers: 200, calls: 3, ways: everyWay });
      await pause(1_000 + 300 * round);
      of.killQuota();
      if (round === rounds) of.spenders[1]?.process.kill("SIGKILL");
      await calling;
      await eventually(async () => {
        const raise = ["budget", "raise", "team", `${budget}`, "--key", "red"];
        const { code, output } = await smartcall(raise, { cwd: of.mesh.folder, env: of.mesh.env });
        expect(code, output).to.equal(0);
      });
    }
    for (const { amount, used, reserved } of await watched.stop()) {
      expect(used + reserved).to.be.at.most(amount);
    }
    await eventually(
      async () => {
        expect((await of.account("red")).reserved).to.equal(0);
      },
      { withinMs: 120_000, everyMs: 1_000 },
    );
    const { amount, used } = await of.account("red");
    expect(amount).to.equal(budget * (rounds + 1));
    expect(used).to.be.at.least(of.spent("red"));
    expect(used).to.be.at.most(amount);
  });
});
