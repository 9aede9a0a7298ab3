// A budget holds exactly, however calls end and whatever dies meanwhile.
import { expect } from "chai";
import { callAtOnce, everyWay, tally, told, unseen, unsent } from "../harness/budget-callers.ts";
import { type BudgetMesh, budget, startBudgetMesh } from "../harness/budget-mesh.ts";
import { eventually, pause } from "../harness/eventually.ts";

describe("a budget", function () {
  this.timeout(300_000);
  let of: BudgetMesh;
  before(async () => {
    of = await startBudgetMesh();
  });
  after(() => of?.stop());

  it("is charged exactly what calls used whose end was seen", async () => {
    const ways = Object.values(told);
    const answers = await callAtOnce(of, "green", { callers: 64, calls: 1, ways });
    expect(answers).to.include.members(["200", "OK", "400"]);
    expect(of.spent("green")).to.be.greaterThan(500);
    await settled("green");
    expect((await of.account("green")).used).to.equal(of.spent("green"));
  });

  it("is charged nothing for calls that never reached an agent", async () => {
    const ways = Object.values(unsent);
    const answers = await callAtOnce(of, "blue", { callers: 30, calls: 1, ways });
    expect([...new Set(answers)].sort()).to.deep.equal(["400", "503"]);
    await settled("blue");
    expect((await of.account("blue")).used).to.equal(0);
  });

  it("is charged what was reserved for calls whose end nobody saw", async () => {
    const ways = Object.values(unseen);
    // Making a token takes as long as it takes.
    await of.token("grey");
    const calling = callAtOnce(of, "grey", { callers: 30, calls: 1, ways });
    // Those that leave are gone by then, so what is used is used by those that stay.
    await of.spends("grey", 200);
    await pause(500);
    await of.killBusiest("grey");
    const answers = await calling;
    expect(answers).to.include.members(["200 and left", "left", "broken", "200"]);
    await settled("grey");
    const { used } = await of.account("grey");
    expect(used).to.be.at.least(of.spent("grey")).and.greaterThan(0);
    expect(used).to.be.at.most(100 * answers.length);
  });

  it("is never exceeded, nor charged less than was used, by 200 callers while agents and the service die", async () => {
    await of.token("red");
    const watched = of.watch("red");
    const call = { callers: 200, calls: 3, ways: everyWay, until: "429" };
    const calling = callAtOnce(of, "red", call);
    await of.spends("red", 500);
    await of.killBusiest("red");
    await of.spends("red", 2_000);
    of.killQuota();
    const answers = await calling;
    const seenBusy = (await watched.stop()).filter(({ reserved }) => reserved > 0);
    const seen = seenBusy.map(({ used, reserved }) => used + reserved);
    // Gateways tell again what the service did not hear while it was dead: nothing stays open.
    await settled("red", 120_000);
    const { used, reserved } = await of.account("red");
    const spent = of.spent("red");
    const said = JSON.stringify({ used, reserved, spent, answers: tally(answers) });
    expect(used + reserved, said).to.be.at.least(spent);
    expect(used + reserved, said).to.be.at.most(budget);
    expect(Math.max(...seen), said).to.be.at.most(budget);
    expect(seen.length, "how often it was seen while calls held some of it").to.be.above(0);
    expect(answers, said).to.include.members(["200", "OK", "400", "429", "503", "left", "hung up"]);
    expect(used, said).to.be.greaterThan(budget / 4);
  });

  const settled = (team: string, withinMs = 10_000): Promise<void> =>
    eventually(
      async () => {
        expect((await of.account(team)).reserved).to.equal(0);
      },
      { withinMs },
    );
});
