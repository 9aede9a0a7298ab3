// Where a file is that a mesh's files name.

import { dirname, resolve } from "node:path";
import type { FileReference } from "./mesh-config.ts";

/** A path is taken from the folder of the file that names it. */
export function pathOf({ at, file }: FileReference): string {
  return resolve(dirname(at.file), file);
}
