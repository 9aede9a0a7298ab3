// A budget holds exactly, however calls end and whatever dies meanwhile.
import { expect } from "chai";
import { callAtOnce, everyWay, told, unseen, unsent } from "../harness/budget-callers.ts";
import { type BudgetMesh, budget, startBudgetMesh } from "../harness/budget-mesh.ts";
import { eventually, pause } from "../harness/eventually.ts";

describe("a budget", function () {
  this.timeout(120_000);
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
    const calling = callAtOnce(of, "grey", { callers: 30, calls: 1, ways });
    await pause(1_000);
    of.spenders[1]?.process.kill("SIGKILL");
    const answers = await calling;
    expect(answers).to.include.members(["200 and left", "left", "broken", "200"]);
    await settled("grey");
    const { used } = await of.account("grey");
    expect(used).to.be.at.least(of.spent("grey")).and.greaterThan(0);
    expect(used).to.be.at.most(100 * answers.length);
  });

  it("is never exceeded, nor charged less than was used, by 200 callers while agents and the service die", async () => {
    const watched = of.watch("red");
    const calling = callAtOnce(of, "red", { callers: 200, calls: 3, ways: everyWay });
    await pause(1_500);
    of.spenders[2]?.process.kill("SIGKILL");
    await pause(1_000);
    of.killQuota();
    const answers = await calling;
    const seen = (await watched.stop()).map(({ used, reserved }) => used + reserved);
    await eventually(() => of.account("red"), { withinMs: 20_000 });
    // All that could be told has been, and what could not stays reserved until it expires.
    await pause(2_500);
    const { used, reserved } = await of.account("red");
    const spent = of.spent("red");
    const said = JSON.stringify({ used, reserved, spent, answers });
    expect(used + reserved, said).to.be.at.least(spent);
    expect(used + reserved, said).to.be.at.most(budget);
    expect(Math.max(...seen), said).to.be.at.most(budget);
    expect(seen.length, said).to.be.greaterThan(5);
    expect(answers, said).to.include.members(["200", "OK", "400", "429", "503", "left"]);
    expect(used, said).to.be.greaterThan(budget / 4);
  });

  const settled = (team: string): Promise<void> =>
    eventually(async () => {
      expect((await of.account(team)).reserved).to.equal(0);
    });
});
