// Runs the command line's program in a test, and keeps what it says.

import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../../bin/smartcall.js", import.meta.url));

/** How it ended. */
export interface Ran {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs it in a folder, without settings but those given. */
export function runProgram(
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env?: NodeJS.ProcessEnv },
): Promise<Ran> {
  const ordinary = Object.entries(process.env).filter(([name]) => !name.startsWith("SMARTCALL_"));
  const options = { cwd, env: { ...Object.fromEntries(ordinary), ...env } };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [program, ...args], options, (_, out, err) =>
      resolve({ code: child.exitCode, out, err }),
    );
  });
}
