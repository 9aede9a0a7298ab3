// Runs one suite of compiled tests in this process and writes how many passed and failed.
import Mocha from "mocha";
import { makeBundles } from "./bundle.ts";
import { failureLine, record } from "./counts.ts";
import { tellFileTimes } from "./file-times.ts";
import {
  longSuite,
  type Share,
  type Suite,
  stages,
  suites,
  testFiles,
  testParts,
} from "./test-files.ts";

/** How long a test may take that says nothing of its own, in milliseconds. */
const timeouts: Readonly<Record<Suite, number>> = {
  unit: 20_000,
  checks: 30_000,
  stories: 60_000,
  long: 1_800_000,
};

/** How long after its last test a process may live on. Longer: something was not ended. */
const graceMs = 5_000;

const [name, ...words] = process.argv.slice(2);
const known: readonly Suite[] = [...suites, longSuite];
const suite = known.find((each) => each === name);
const only = words.filter((word) => !word.startsWith("--"));
const share = shareIn(words);
const stage = stages.find((each) => words.includes(`--stage=${each}`));
if (suite === undefined) {
  console.error(
    `Usage: node test/dist/ci/run-suite.js ${known.join("|")} [--stage=shared|own] [--share=1/2] [WORD …]`,
  );
  process.exit(2);
}
const told = process.argv.slice(2).join(" ");
const counted = testParts.find(({ args }) => args.join(" ") === told)?.name ?? suite;

// Meshes that stories start run them; without, each would take a second longer.
if (suite === "stories" || suite === "long") await makeBundles();
const mocha = new Mocha({
  reporter: "spec",
  timeout: timeouts[suite],
  forbidOnly: true,
  forbidPending: true,
});
const choice = { only, ...(stage && { stage }), ...(share && { share }) };
for (const file of testFiles(suite, choice)) mocha.addFile(file);
await mocha.loadFilesAsync();

const failures: string[] = [];
const runner = mocha.run((failed) => {
  const passed = runner.stats?.passes ?? 0;
  record(counted, { passed, failed, failures });
  process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
  setTimeout(() => {
    const left = failureLine(counted, `still running after the last test: ${open()}`);
    console.error(`  ${left}`);
    record(counted, { passed, failed: failed + 1, failures: [...failures, left] });
    process.exit(1);
  }, graceMs).unref();
});
runner.on("fail", (test, error: Error) => {
  failures.push(failureLine(test.fullTitle(), error.message));
});
tellFileTimes(runner);

function shareIn(words: readonly string[]): Share | undefined {
  const found = words.map((word) => /^--share=(\d+)\/(\d+)$/.exec(word)).find((each) => each);
  return found ? { number: Number(found[1]), of: Number(found[2]) } : undefined;
}

function open(): string {
  return process.getActiveResourcesInfo().join(", ");
}
