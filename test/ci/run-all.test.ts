import { expect } from "chai";
import { runAll, toldResults } from "./run-all.ts";

describe("A run of all", () => {
  const names = ["one", "two", "three"];

  it("goes on after one that failed, and ends with a list of what passed and what failed", async () => {
    const results = await runAll(names, (name) => Promise.resolve(name !== "one"));
    const lines = toldResults(names, results).replaceAll(/ +/g, " ").split("\n");
    expect(lines).to.deep.equal(["✓ two 0 s", "✓ three 0 s", "✗ one 0 s", "2 passed, 1 failed"]);
  });

  it("begins nothing more once it is over, and counts what it did not begin as failed", async () => {
    let over = false;
    const run = (): Promise<boolean> => {
      over = true;
      return Promise.resolve(true);
    };
    const results = await runAll(names, run, () => over);
    const lines = toldResults(names, results).replaceAll(/ +/g, " ").split("\n");
    const left = ["· two not begun", "· three not begun"];
    expect(lines).to.deep.equal(["✓ one 0 s", ...left, "1 passed, 2 failed"]);
  });
});
