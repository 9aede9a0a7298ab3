// Runs all parts of `make test`, two at a time, each in a process of its own: what is measured.
import { fileURLToPath } from "node:url";
import { quietCommand } from "./command.ts";
import { forget } from "./counts.ts";
import { testParts } from "./test-files.ts";

/** Stories wait more than they compute; more at once would make them wait for each other. */
const atOnce = 2;

const runSuite = fileURLToPath(new URL("run-suite.js", import.meta.url));
const waiting = [...testParts];
let failed = false;
for (const { name } of testParts) forget(name);
await Promise.all(Array.from({ length: atOnce }, lane));
process.exitCode = failed ? 1 : 0;

async function lane(): Promise<void> {
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    const { code, output } = await quietCommand(process.execPath, [runSuite, ...part.args]);
    console.log(`\n── ${part.name}\n${output}`);
    failed ||= code !== 0;
  }
}
