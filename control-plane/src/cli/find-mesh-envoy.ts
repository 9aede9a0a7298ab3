// Finds the Envoy that commands run.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findEnvoy } from "@smartcall/envoy";

/** What the setting says, then one on PATH, then the one in `.venv`; see `findEnvoy`. */
export function findMeshEnvoy(
  envoyBin: string | undefined,
  stateFolder: string,
): ReturnType<typeof findEnvoy> {
  const { PATH: path } = process.env;
  return findEnvoy({ envoyBin, path, root: envoyRoot(stateFolder) });
}

/** The folder whose `.venv` may hold Envoy: beside the state, else the one we were built in. */
function envoyRoot(stateFolder: string): string {
  const beside = dirname(stateFolder);
  return existsSync(join(beside, ".venv"))
    ? beside
    : fileURLToPath(new URL("../../../", import.meta.url));
}
