// Runs one scenario and leaves its report, whatever comes of it.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { load, machine } from "../bench/report.ts";
import { root } from "../checks/repository.ts";
import { reportOf } from "./report.ts";
import type { Outcome, Scenario } from "./scenario.ts";

/** One run of a scenario. */
export interface Run {
  readonly name: string;
  readonly scenario: Scenario;
  /** Default: the scenario's own time. */
  readonly seconds?: number;
  /** Of what the report holds for beside the machine, such as "Envoy 1.40.0". */
  readonly versions: string;
  /** Aborted where this process is ending: the report tells nothing more then. */
  readonly ending: AbortSignal;
  /** Whose folder `NAME` is emptied, and gets the report. Default: `build/load`. */
  readonly within?: string;
}

/** What the report says until there is more to say. */
const notEnded: Outcome = {
  done: "Not what was to be done: this run did not come to its end.",
  figures: [],
  failures: ["it was ended before its end"],
};

/** What came of a run. */
export interface Ran {
  readonly outcome: Outcome;
  /** The report, absolute. */
  readonly file: string;
}

/** Runs it to its end. Where it fails by an exception, that is what came of it. */
export async function runScenario(run: Run): Promise<Ran> {
  const { name, scenario, seconds, ending, within = join(root, "build", "load") } = run;
  const reportFolder = join(within, name);
  rmSync(reportFolder, { recursive: true, force: true });
  mkdirSync(reportFolder, { recursive: true });
  const file = join(reportFolder, "report.md");
  const on = `${machine()}, ${run.versions}`;
  const began = load();
  const date = new Date();
  const write = (outcome: Outcome, loads: string): void => {
    const beside = readdirSync(reportFolder).filter((each) => each !== "report.md");
    const told = { name, shows: scenario.shows, machine: `${on}; ${loads}`, date, outcome };
    writeFileSync(file, reportOf({ ...told, beside: beside.sort() }));
  };
  write(notEnded, `${began} before`);
  const outcome = await outcomeOf(scenario, reportFolder, seconds);
  if (ending.aborted) return { outcome: notEnded, file };
  write(outcome, `${began} before, ${load()} after`);
  return { outcome, file };
}

/** Where it could not go on, the report says why in a line, and `problem.txt` beside it where. */
async function outcomeOf(
  scenario: Scenario,
  reportFolder: string,
  seconds: number | undefined,
): Promise<Outcome> {
  try {
    return await scenario.run({ reportFolder, ...(seconds !== undefined && { seconds }) });
  } catch (error) {
    const [why, where] =
      error instanceof Error ? [error.message, error.stack ?? ""] : [String(error), ""];
    writeFileSync(join(reportFolder, "problem.txt"), `${where}\n`);
    const done = "Not what was to be done: the scenario could not go on.";
    return { done, figures: [], failures: [`it could not go on: ${why}`] };
  }
}
