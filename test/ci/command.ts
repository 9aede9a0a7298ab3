// Runs a command of the CI to its end, with its output shown as it comes, or kept.
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

/** The same, with its output, and what it said of errors, kept until its end. */
export function quietCommand(
  name: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(name, args, { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.once("error", (error) => {
      resolve({ code: 1, output: `${output}${name} could not be run: ${error.message}\n` });
    });
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}
