// Runs one suite of compiled tests in this process and writes how many passed and failed.
import Mocha from "mocha";
import { record } from "./counts.ts";
import { longSuite, type Suite, suites, testFiles } from "./test-files.ts";

/** How long a test may take that says nothing of its own, in milliseconds. */
const timeouts: Readonly<Record<Suite, number>> = {
  unit: 10_000,
  checks: 30_000,
  stories: 60_000,
  long: 1_800_000,
};

/** How long after its last test a process may live on. Longer: something was not ended. */
const graceMs = 5_000;

const [name, ...only] = process.argv.slice(2);
const known: readonly Suite[] = [...suites, longSuite];
const suite = known.find((each) => each === name);
if (suite === undefined) {
  console.error(`Usage: node test/dist/ci/run-suite.js ${known.join("|")} [WORD …]`);
  process.exit(2);
}

const mocha = new Mocha({
  reporter: "spec",
  timeout: timeouts[suite],
  forbidOnly: true,
  forbidPending: true,
});
for (const file of testFiles(suite, only)) mocha.addFile(file);
await mocha.loadFilesAsync();

const runner = mocha.run((failures) => {
  const passed = runner.stats?.passes ?? 0;
  record(suite, { passed, failed: failures });
  process.exitCode = failures === 0 && passed > 0 ? 0 : 1;
  setTimeout(() => {
    console.error(`  ${suite}: still running after the last test: ${open()}`);
    record(suite, { passed, failed: failures + 1 });
    process.exit(1);
  }, graceMs).unref();
});

function open(): string {
  return process.getActiveResourcesInfo().join(", ");
}
