// Runs the command line `smartcall` as a person in a terminal would.
import { join } from "node:path";
import { root } from "../checks/repository.ts";
import { startChild } from "./child.ts";

/** The program. */
export const smartcallBin = join(root, "control-plane", "bin", "smartcall.js");

/** How a command ended. Output is standard output and error together. */
export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** Runs `smartcall` with arguments to its end. */
export function smartcall(
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ended> {
  return run(process.execPath, [smartcallBin, ...args], options);
}

/** Runs any command to its end. */
export async function run(
  command: string,
  args: readonly string[],
  options: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Ended> {
  const child = startChild(command, args, options);
  const { code } = await child.ended;
  return { code, output: child.output() };
}
