// Makes a folder like a clone of this project, where what the guides use is installed.
import { existsSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { root } from "../checks/repository.ts";

/** Links this project's `node_modules` into a folder that has none. */
export function linkModules(folder: string): void {
  const modules = join(folder, "node_modules");
  if (!existsSync(modules)) symlinkSync(join(root, "node_modules"), modules);
}
