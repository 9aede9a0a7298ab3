import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { passed } from "./report.ts";
import { runScenario } from "./run-scenario.ts";
import type { Scenario } from "./scenario.ts";

describe("The run of a load scenario", () => {
  let within: string;
  beforeEach(() => {
    within = mkdtempSync(join(tmpdir(), "smartcall-load-"));
  });
  afterEach(() => rmSync(within, { recursive: true }));

  const report = (): string => readFileSync(join(within, "one", "report.md"), "utf8");
  const ran = async (run: Scenario["run"], ending = new AbortController().signal) => {
    const { outcome } = await runScenario({
      name: "one",
      scenario: { shows: "Shows it.", run },
      versions: "Envoy 1.2.3, k6 4.5.6",
      ending,
      within,
    });
    return passed(outcome);
  };
  const well = { done: "It was done.", figures: [], failures: [] };

  it("leaves a report that names the versions of what it ran on", async () => {
    expect(await ran(() => Promise.resolve(well))).to.equal(true);
    expect(report())
      .to.match(/^# one: passed/)
      .and.match(/Node v\S+, Envoy 1\.2\.3, k6 4\.5\.6; /);
  });

  it("leaves a failed one where the scenario throws, with the reason", async () => {
    const thrown = ran(() => Promise.reject(new Error("no port is free")));
    expect(await thrown).to.equal(false);
    expect(report())
      .to.match(/^# one: failed/)
      .and.contain("- it could not go on: no port is free");
    expect(report()).to.contain("[problem.txt](problem.txt)");
  });

  it("has left a failed one where it is ended from outside, which nothing replaces", async () => {
    const ending = new AbortController();
    const ended = ran(() => {
      expect(report()).to.match(/^# one: failed/);
      ending.abort();
      return Promise.resolve(well);
    }, ending.signal);
    expect(await ended).to.equal(false);
    expect(report()).to.contain("- it was ended before its end");
  });
});
