// `make test`: every suite against the real Envoy and the real model, then the table of coverage.
import { fileURLToPath } from "node:url";
import { findEnvoy } from "@smartcall/envoy";
import { root } from "../checks/repository.ts";
import { command } from "./command.ts";
import { type Counts, closingLine, failureLines, record, recorded, sum } from "./counts.ts";
import { coverageCommand, coveredLines } from "./coverage.ts";
import { testParts } from "./test-files.ts";

const counts = await test();
record("test", counts);
console.log(`\n${failureLines(counts)}${closingLine(counts)}`);
process.exitCode = counts.failed === 0 ? 0 : 1;

async function test(): Promise<Counts> {
  const { ENVOY_BIN: envoyBin, PATH: path } = process.env;
  const envoy = await findEnvoy({ envoyBin, path, root });
  if (!envoy.ok) {
    console.error(`The tests need the real Envoy. ${envoy.problem}`);
    return { passed: 0, failed: 1 };
  }
  console.log(`Envoy ${envoy.binary.version} at ${envoy.binary.path}`);
  const program = fileURLToPath(new URL("suites.js", import.meta.url));
  const code = await command(process.execPath, coverageCommand(program, []));
  const tests = sum(testParts.map(({ name }) => recorded(name)));
  // Its users see the SDK alone, so it is held to the threshold by itself too.
  const ofSdk = coveredLines("sdk/typescript/src");
  console.log(`sdk/typescript: ${ofSdk.toFixed(1)} % of lines`);
  // What is left to fail once every test has passed is the coverage.
  const covered = (code === 0 || tests.failed > 0) && ofSdk >= 90;
  return sum([tests, covered ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 }]);
}
