// Whether a module is the program.

import { realpathSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Whether the module of this `import.meta.url` is the one that node was started with. */
export function isMain(url: string): boolean {
  const [, program] = process.argv;
  if (program === undefined) return false;
  try {
    return realpathSync(program) === realpathSync(fileURLToPath(url));
  } catch {
    return false;
  }
}
