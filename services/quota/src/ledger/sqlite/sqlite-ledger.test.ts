// The ledger in SQLite: all that a ledger does, a kill, and a full disk.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import Database from "libsql";
import { ledgerCases } from "../testing/ledger-cases.test.ts";
import { beginning, kept, take, tokens, used, window } from "../testing/steps.test.ts";
import { openSqliteLedger } from "./sqlite-ledger.ts";

describe("the ledger in SQLite", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "smartcall-ledger-"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const open = (pages?: number) => kept(openSqliteLedger(join(folder, "a", "ledger.db"), pages));

  for (const { name, steps } of ledgerCases) {
    it(name, async () => {
      const ledger = open();
      for (const step of steps) await take(step, ledger);
      await ledger.close();
    });
  }

  it("has what it had when it is opened again", async () => {
    const team = { ...window, name: "team", key: "blue" };
    const before = open();
    await take({ reserve: "a", tokens: 60, from: [tokens(team, 100)], grants: 60 }, before);
    const after = open();
    await take({ settle: "a", usage: used(5, 5), says: "settled" }, after);
    await take({ count: team, used: 10, reserved: 0 }, before);
    await Promise.all([before.close(), after.close()]);
  });

  it("goes on in a file of a version that did not count resets", async () => {
    const team = { ...window, name: "team", key: "blue" };
    const from = [tokens(team, 100)];
    const now = open();
    await take({ reserve: "a", tokens: 60, from, grants: 60, lastsMs: 10 }, now);
    await take({ expireAtMs: 10, charges: 1 }, now);
    await now.close();
    const before = new Database(join(folder, "a", "ledger.db"));
    before.exec("ALTER TABLE accounts DROP COLUMN resets");
    before.exec("UPDATE reservations SET charged = '[60]'");
    before.close();
    const after = open();
    await take({ settle: "a", usage: used(10, 0), says: "settled" }, after);
    await take({ count: team, used: 10, reserved: 0 }, after);
    await after.close();
  });

  it("says that the disk is full, keeps what it has, and goes on when there is room", async () => {
    const team = { ...window, name: "team", key: "blue" };
    const full = open(24);
    const reserve = (id: string) =>
      full.reserve({
        id: id.repeat(40),
        now: beginning,
        expires: beginning + 1_000,
        wanted: { tokens: 1, minimum: 1 },
        levels: [tokens(team, 10_000)],
      });
    let granted = 0;
    let problem = "";
    while (problem === "" && granted < 10_000) {
      const answer = await reserve(`call-${granted}`);
      if (answer.ok) granted += 1;
      else problem = answer.problem;
    }
    expect(problem).to.include("The disk is full");
    await take({ count: team, used: 0, reserved: granted }, full);
    await full.close();
    const roomy = open();
    const settled = await roomy.settle("call-0".repeat(40), used(1, 0));
    expect(kept(settled)).to.equal("settled");
    await take({ count: team, used: 1, reserved: granted - 1 }, roomy);
    await roomy.close();
  });

  it("says which file cannot be used", () => {
    writeFileSync(join(folder, "a"), "no folder");
    const file = join(folder, "a", "ledger.db");
    expect(openSqliteLedger(file)).to.have.property("problem").that.includes(file);
  });
});
