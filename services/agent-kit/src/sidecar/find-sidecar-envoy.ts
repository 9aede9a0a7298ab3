// Finds the Envoy that an agent starts beside itself.

import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findEnvoy } from "@smartcall/envoy";

/**
 * What the setting says, then one on PATH, then the one in `.venv`: of the mesh's folder, of
 * a folder above the agent's, or of the repository that this library is part of.
 */
export function findSidecarEnvoy(
  envoyBin: string | undefined,
  from: { readonly stateFolder: string; readonly cwd: string; readonly path: string | undefined },
): ReturnType<typeof findEnvoy> {
  const own = fileURLToPath(new URL("../../../../", import.meta.url));
  const places = [dirname(from.stateFolder), ...upward(from.cwd), own];
  const root = places.find((place) => existsSync(join(place, ".venv"))) ?? own;
  return findEnvoy({ envoyBin, path: from.path, root });
}

function upward(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...upward(above)];
}
