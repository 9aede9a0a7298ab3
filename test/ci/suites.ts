// Runs all parts of `make test`, three at a time, each in a process of its own: what is measured.
import { fileURLToPath } from "node:url";
import { quietCommand } from "./command.ts";
import { forget } from "./counts.ts";
import { testParts } from "./test-files.ts";

/** Most tests wait more than they compute: three keep two cores busy, and more wait for each other. */
const atOnce = 3;

/** Without it, no process writes down which lines it ran. */
const { NODE_V8_COVERAGE: _, ...unmeasured } = process.env;
const waiting = [...testParts];
let failed = false;
for (const { name } of testParts) forget(name);
await Promise.all(Array.from({ length: atOnce }, lane));
process.exitCode = failed ? 1 : 0;

async function lane(): Promise<void> {
  for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) {
    const begun = performance.now();
    const env = part.measured ? process.env : unmeasured;
    const program = fileURLToPath(new URL(part.program, import.meta.url));
    const { code, output } = await quietCommand(process.execPath, [program, ...part.args], env);
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
    console.log(`\n── ${part.name} (${seconds} s)\n${output}`);
    failed ||= code !== 0;
  }
}
