// The short bench of the CI: measures a few rows, and fails where a ratio is worse than the kept one.
import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { join } from "node:path";
import { root } from "../checks/repository.ts";
import { leaveNothing } from "../harness/leave-nothing.ts";
import { judge, type Run, ratiosToKeep } from "./judge.ts";
import { keptFile, keptRows } from "./kept-ratios.ts";
import { startGenerator } from "./load.ts";
import { setting, settingLine } from "./measured-with.ts";
import { ratios } from "./ratios.ts";
import { load } from "./report.ts";
import { measure, type Pace } from "./rounds.ts";
import { startRows } from "./rows.ts";
import { failedCalls } from "./summary.ts";

const pace: Pace = { rounds: 9, unaryMs: 200, streamMs: 200, modestMs: 0 };
/** What is kept is the median of so many runs. */
const runsToKeep = 3;

leaveNothing();
const [asked, ...others] = process.argv.slice(2);
if (others.length > 0 || (asked !== undefined && asked !== "--keep")) {
  console.error("Usage: node test/dist/bench/short.js [--keep]");
  process.exitCode = 2;
} else {
  console.log(settingLine(await setting()));
  if (asked === undefined) await compare();
  else await keep();
}

async function compare(): Promise<void> {
  const kept: unknown = JSON.parse(readFileSync(join(root, keptFile), "utf8"));
  const problems = await judge((why) => {
    if (why !== undefined) console.log(`${why}. Once more:`);
    return run();
  }, kept);
  if (problems.length === 0) return;
  for (const each of problems) console.error(`✗ ${each}`);
  console.error("Find what costs more; where it is meant, `make keep-ratios` keeps the ratios.");
  process.exitCode = 1;
}

/** Others' work makes programs of Node dearer than Envoy: a ratio that is kept then is too lenient. */
async function keep(): Promise<void> {
  const [lately = 0] = loadavg();
  if (lately > cpus().length) {
    console.error(`The machine is busy (${load()}): keep ratios when nothing else runs on it.`);
    process.exitCode = 1;
    return;
  }
  const runs: Run[] = [];
  for (let made = 0; made < runsToKeep; made++) runs.push(await run());
  const failures = runs.flatMap((each) => each.failures);
  for (const each of failures) console.error(`✗ ${each}`);
  if (failures.length > 0) process.exitCode = 1;
  else writeFileSync(join(root, keptFile), `${JSON.stringify(ratiosToKeep(runs), undefined, 2)}\n`);
}

async function run(): Promise<Run> {
  const { rows: started, stop } = await startRows(keptRows);
  const generator = startGenerator();
  try {
    const summaries = await measure(started, generator, pace, () => undefined);
    const found = ratios(summaries).filter(({ isQuotient }) => isQuotient);
    for (const { name, value, least, greatest } of found) {
      const is = `${value.toFixed(2)} (${least.toFixed(2)}–${greatest.toFixed(2)}) ×`;
      console.log(`  ${name.padEnd(70)} ${is}`);
    }
    console.log(`  (${load()})`);
    return { ratios: found, failures: failedCalls(summaries) };
  } finally {
    generator.stop();
    await stop();
  }
}
