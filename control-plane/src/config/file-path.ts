// Where a file is that a mesh's files name.

import { dirname, resolve } from "node:path";
import type { Origin } from "../source/origin.ts";

/** A file that the mesh's files name. */
export interface FileReference {
  /** As written: absolute, or from the folder of the file that names it. */
  readonly file: string;
  readonly at: Origin;
}

/** A path is taken from the folder of the file that names it. */
export function pathOf({ at, file }: FileReference): string {
  return resolve(dirname(at.file), file);
}
