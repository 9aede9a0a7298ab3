// The build step that writes `envoy/gen` from the binary that was found.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findEnvoy } from "./find-envoy.ts";
import { writeApi } from "./write-api.ts";

const folder = join(dirname(fileURLToPath(import.meta.url)), "..");

const { ENVOY_BIN: envoyBin, PATH: path } = process.env;

const found = await findEnvoy({
  envoyBin,
  path,
  root: join(folder, ".."),
});
if (found.ok) {
  const api = await writeApi(found.binary.path, join(folder, "gen"));
  if (!api.ok) fail(api.problem);
  else if (api.written) console.log(`Wrote the API of Envoy ${found.binary.version}.`);
} else {
  fail(found.problem);
}

function fail(problem: string): void {
  console.error(problem);
  process.exitCode = 1;
}
