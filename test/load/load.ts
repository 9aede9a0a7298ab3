// `make load`: runs one scenario, and without a name lists all.
import { relative } from "node:path";
import { load, machine, printTable } from "../bench/report.ts";
import { root } from "../checks/repository.ts";
import { leaveNothing } from "../harness/leave-nothing.ts";
import { readAsked, usage } from "./asked.ts";
import { holdAlone } from "./hold-alone.ts";
import { passed, rowsOf } from "./report.ts";
import { runScenario } from "./run-scenario.ts";
import { scenarios } from "./scenarios.ts";
import { toolsOf } from "./tools.ts";

const asked = readAsked(process.argv.slice(2), Object.keys(scenarios));
if (asked.kind === "list") console.log(list());
else if (asked.kind === "wrong") {
  console.error(`${asked.why}\n\n${list()}`);
  process.exitCode = 2;
} else {
  const { name, seconds } = asked;
  const well = await run(name, seconds);
  process.exitCode = well ? 0 : 1;
}

function list(): string {
  const rows = Object.entries(scenarios).map(([each, { shows }]) => `  ${each.padEnd(20)}${shows}`);
  return `${usage}\n\n${rows.sort().join("\n")}`;
}

async function run(name: string, seconds: number | undefined): Promise<boolean> {
  const scenario = scenarios[name];
  if (scenario === undefined) return false;
  const tools = await toolsOf(scenario, process.env);
  if (!tools.ok) {
    console.error(tools.problem);
    return false;
  }
  if ((await holdAlone(`load-${name}`)) === undefined) {
    const where = `build/load/${name}`;
    console.error(`${name} runs already, and leaves its report in ${where}: wait for its end.`);
    return false;
  }
  const ending = leaveNothing();
  console.log(`${name}: ${scenario.shows}\n${machine()}, ${tools.versions}, ${load()}`);
  const { versions } = tools;
  const settings = { name, scenario, versions, ending, ...(seconds !== undefined && { seconds }) };
  const { outcome, file } = await runScenario(settings);
  if (ending.aborted) return false;
  printTable(outcome.done, rowsOf(outcome.figures));
  for (const line of outcome.failures) console.log(`  ✗ ${line}`);
  for (const line of outcome.notMeasured ?? []) console.log(`  (not measured: ${line})`);
  const well = passed(outcome);
  console.log(`\n${well ? "passed" : "FAILED"}; the report is ${relative(root, file)}`);
  return well;
}
