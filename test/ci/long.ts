// `make test-long`: all that takes too long for each change, the long tests and every load scenario that CI does not run.
import { fileURLToPath } from "node:url";
import { inCi } from "../load/in-ci.ts";
import { scenarios } from "../load/scenarios.ts";
import { command } from "./command.ts";
import { runAll, toldResults } from "./run-all.ts";
import { longSuite } from "./test-files.ts";

const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));

/** The long tests, beside which every part is a load scenario. */
const tests = "tests";
const parts = [tests, ...Object.keys(scenarios).filter((name) => !Object.hasOwn(inCi, name))];

const asked = process.argv.slice(2);
if (asked.length === 1 && asked[0] === "--json") {
  // The nightly workflow gives each a machine of its own.
  console.log(JSON.stringify(parts));
} else {
  const unknown = asked.filter((name) => !parts.includes(name));
  if (unknown.length > 0) {
    console.error(`There is no part ${unknown.join(", ")}: PART is one of ${parts.join(", ")}.`);
    process.exitCode = 2;
  } else await runParts(asked.length > 0 ? asked : parts);
}

async function runParts(names: readonly string[]): Promise<void> {
  let over = false;
  // What runs hears Ctrl-C as well, and ends what it started.
  process.on("SIGINT", () => {
    over = true;
  });
  const run = async (name: string): Promise<boolean> => {
    console.log(`\n── ${name}`);
    const args =
      name === tests ? [here("run-suite.js"), longSuite] : [here("../load/load.js"), name];
    return (await command(process.execPath, args)) === 0;
  };
  const results = await runAll(names, run, () => over);
  console.log(`\n${toldResults(names, results)}`);
  process.exitCode = results.every(({ passed }) => passed) && !over ? 0 : 1;
}
