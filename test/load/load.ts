// `make load`: runs one scenario, prints what came of it, and writes a report; without a name lists them.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import { load, machine, printTable } from "../bench/report.ts";
import { root } from "../checks/repository.ts";
import { passed, reportOf, rowsOf } from "./report.ts";
import type { Scenario } from "./scenario.ts";
import { scenarios } from "./scenarios.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { seconds: { type: "string" }, json: { type: "boolean", default: false } },
});
const [name] = positionals;
const seconds = values.seconds === undefined ? undefined : Number(values.seconds);
const scenario = name !== undefined && Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
if (seconds !== undefined && !(seconds > 0)) {
  console.error(`SECONDS is to be a number above 0, not "${values.seconds}".`);
  process.exitCode = 2;
} else if (name === undefined && values.json) {
  // The nightly workflow gives each a machine of its own.
  console.log(JSON.stringify(Object.keys(scenarios)));
} else if (name === undefined) {
  list();
} else if (scenario === undefined) {
  console.error(`There is no scenario ${name}.`);
  list();
  process.exitCode = 2;
} else {
  process.exitCode = (await run(name, scenario)) ? 0 : 1;
}

function list(): void {
  const rows = Object.entries(scenarios).map(([each, { shows }]) => `  ${each.padEnd(20)}${shows}`);
  console.log("make load SCENARIO=name [SECONDS=how long the load lasts]\n");
  console.log(rows.sort().join("\n"));
}

async function run(name: string, scenario: Scenario): Promise<boolean> {
  const reportFolder = join(root, "build", "load", name);
  rmSync(reportFolder, { recursive: true, force: true });
  mkdirSync(reportFolder, { recursive: true });
  console.log(`${name}: ${scenario.shows}\n${machine()}, ${load()}`);
  const began = load();
  const outcome = await scenario.run({ reportFolder, ...(seconds !== undefined && { seconds }) });
  printTable(outcome.done, rowsOf(outcome.figures));
  for (const line of outcome.failures) console.log(`  ✗ ${line}`);
  for (const line of outcome.notMeasured ?? []) console.log(`  (not measured: ${line})`);
  const told = {
    name,
    shows: scenario.shows,
    machine: `${machine()}; ${began} before, ${load()} after`,
    date: new Date(),
    outcome,
    beside: readdirSync(reportFolder).sort(),
  };
  const file = join(reportFolder, "report.md");
  writeFileSync(file, reportOf(told));
  const well = passed(outcome);
  console.log(`\n${well ? "passed" : "FAILED"}; the report is ${relative(root, file)}`);
  return well;
}
