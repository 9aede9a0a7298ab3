// Runs all shared cases against a mesh: a process of its own, started with NODE_EXTRA_CA_CERTS as users do.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../../checks/repository.ts";
import { listAt, textAt } from "../../harness/json.ts";
import { runCase } from "./run-case.ts";

const [, , told = "{}"] = process.argv;
const mesh: unknown = JSON.parse(told);
const file: unknown = JSON.parse(readFileSync(join(root, "sdk", "cases.json"), "utf8"));
for (const one of listAt(file, "cases")) {
  const problems = await runCase(one, mesh).catch((error: unknown) => [String(error)]);
  console.log(JSON.stringify({ name: textAt(one, "name"), problems }));
}
