// Runs the suites one after another, each in a process of its own: what `make test` measures.
import { fileURLToPath } from "node:url";
import { command } from "./command.ts";
import { forget } from "./counts.ts";
import { suites } from "./test-files.ts";

const runSuite = fileURLToPath(new URL("run-suite.js", import.meta.url));
let failed = false;
for (const suite of suites) {
  forget(suite);
  const code = await command(process.execPath, [runSuite, suite]);
  failed ||= code !== 0;
}
process.exitCode = failed ? 1 : 0;
