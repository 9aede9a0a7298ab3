// Where a mesh keeps what it made: the folder `.smartcall`.

import { statSync } from "node:fs";
import { dirname, join } from "node:path";

/** The name of the folder that holds keys, certificates, state and logs. */
export const stateFolderName = ".smartcall";

/**
 * The nearest `.smartcall` from `cwd` upward; where there is none, the one that
 * would be made in `cwd`. Never fails; the folder need not exist.
 */
export function findStateFolder(cwd: string): string {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const candidate = join(folder, stateFolderName);
    if (isFolder(candidate)) return candidate;
    if (dirname(folder) === folder) return join(cwd, stateFolderName);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
