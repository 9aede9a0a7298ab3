// What operators see and change of budgets, by the commands of docs/budgets.md.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { root } from "../checks/repository.ts";
import { callAtOnce, told } from "../harness/budget-callers.ts";
import { type BudgetMesh, startBudgetMesh } from "../harness/budget-mesh.ts";
import { eventually } from "../harness/eventually.ts";
import { processMarked } from "../harness/processes.ts";
import { callRest } from "../harness/rest.ts";
import { type Ended, smartcall } from "../harness/smartcall.ts";

describe("smartcall budget", function () {
  this.timeout(90_000);
  let of: BudgetMesh;
  before(async () => {
    of = await startBudgetMesh();
  });
  after(() => of?.stop());
  const budget = (...args: readonly string[]): Promise<Ended> =>
    smartcall(["budget", ...args], { cwd: of.mesh.folder, env: of.mesh.env });
  const done = async (...args: readonly string[]): Promise<readonly string[]> => {
    const { code, output } = await budget(...args);
    expect(code, output).to.equal(0);
    return output.trim().split("\n");
  };

  it("shows who used what", async () => {
    const ways = Object.values(told);
    await callAtOnce(of, "red", { callers: 8, calls: 1, ways });
    await eventually(async () => {
      expect((await of.account("red")).reserved).to.equal(0);
    });
    const spent = of.spent("red");
    const [head, ...rows] = await done("list", "team");
    expect(head).to.match(/^BUDGET +WHOSE +USED +RESERVED +OF +LEFT +UNIT +ENDS IN$/);
    const row = rows.find((each) => each.includes("red"));
    expect(row).to.match(new RegExp(`^team +red +${spent} +0 +10000 +${10_000 - spent} +tokens`));
  });

  it("raises, sets and resets, by the commands of the page, and audits each", async () => {
    const page = readFileSync(join(root, "docs", "budgets.md"), "utf8");
    const shown = [...page.matchAll(/^npx smartcall budget (\w+) (?:team|org) ?(\S*) --key \w+/gm)];
    expect(shown.map(([, act]) => act)).to.deep.equal(["raise", "set", "reset"]);
    const red = ["--key", "red", "--json"];
    const after = async (...args: readonly string[]): Promise<unknown> =>
      JSON.parse((await done(...args, ...red)).join(""));
    const spent = of.spent("red");
    const account = { budget: "team", key: "red", unit: "tokens", changed: true };
    expect(await after("raise", "team", "5000")).to.include({ ...account, amount: 15_000 });
    expect(await after("set", "team", "750")).to.include({ ...account, amount: 750, used: spent });
    const reset = await after("reset", "team");
    expect(reset).to.include({ key: "red", amount: 10_000, used: 0, changed: false });
    const audit = readFileSync(join(of.mesh.stateFolder, "audit.jsonl"), "utf8");
    for (const about of [
      "raise team of red by 5000",
      "set team of red to 750",
      "reset team of red",
    ]) {
      expect(audit).to.contain(`"about":"${about}"`);
    }
  });

  it("says what is wrong with what it was told", async () => {
    expect(await budget("set", "teem", "5")).to.deep.include({ code: 1 });
    expect((await budget("set", "teem", "5")).output).to.contain("The mesh has no budget teem.");
    expect((await budget("set", "team", "0.5", "--key", "red")).output).to.contain(
      "team counts tokens",
    );
    const nobody = await budget("set", "team", "5");
    expect(nobody.code).to.equal(1);
    expect(nobody.output).to.contain("Each claim:team has an account of its own in team");
    expect(nobody.output).to.contain("--key");
    expect((await budget("set", "team", "9000", "--key", "")).code).to.equal(0);
    expect(await budget("set", "team", "lots")).to.deep.include({ code: 2 });
  });

  it("says that the quota service does not answer, and callers are refused meanwhile", async () => {
    const quota = processMarked(of.mesh.mark, /quota\/dist\/(bundle\/)?main\.js/);
    process.kill(quota, "SIGSTOP");
    try {
      const { code, output } = await budget();
      expect(code).to.equal(1);
      expect(output).to.contain("The quota service cannot tell or change budgets at this moment");
      const { status, text, headers } = await callRest(of.mesh, {
        path: "/v1/agents/spender:invoke",
        token: await of.token("red"),
        body: { messages: [{ role: "user", content: '{"input":1,"output":1}' }] },
      });
      expect(status).to.equal(503);
      expect(text).to.contain("QUOTA_UNAVAILABLE");
      expect(headers).to.include.keys("retry-after");
    } finally {
      process.kill(quota, "SIGCONT");
    }
    await eventually(() => done());
  });
});
