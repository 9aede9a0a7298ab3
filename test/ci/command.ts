// Runs a command of the CI to its end, with its output shown as it comes.
import { spawn } from "node:child_process";
import { root } from "../checks/repository.ts";

/** Runs it in the repository's root and gives its exit code; 1 where a signal ended it. */
export function command(name: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(name, args, { cwd: root, stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", (error) => {
      console.error(`${name} could not be run: ${error.message}`);
      resolve(1);
    });
    child.once("close", (code) => resolve(code ?? 1));
  });
}
