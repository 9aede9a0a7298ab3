// Measures which lines of our code the tests ran, in all processes they started.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listFiles, root } from "../checks/repository.ts";
import { entries, numberAt } from "../harness/json.ts";
import { compiledPath } from "./test-files.ts";

/**
 * The command that runs another under coverage; `.c8rc.json` has the rest, and the threshold.
 * What is not ours is left out by the name of its compiled file: hundreds of processes tell of
 * all that they loaded, and to find out where each came from takes minutes.
 */
export function coverageCommand(program: string, args: readonly string[]): readonly string[] {
  const excluded = onlyTypes().flatMap((path) => [path, compiledPath(path)].flatMap(exclude));
  const own = ["**/*.test.*", "**/testing/**", "**/gen/**", "test/**"].flatMap(exclude);
  const c8 = join(root, "node_modules", "c8", "bin", "c8.js");
  return [c8, ...own, ...excluded, process.execPath, program, ...args];
}

/** How many of a folder's lines were run in the last measured run, in percent; NaN where none were measured. */
export function coveredLines(folder: string): number {
  const summary: unknown = JSON.parse(
    readFileSync(join(root, "coverage", "coverage-summary.json"), "utf8"),
  );
  const files = entries(summary).filter(([path]) => path.startsWith(join(root, folder, "/")));
  const sumOf = (what: string): number =>
    files.reduce((sum, [, file]) => sum + numberAt(file, "lines", what), 0);
  return (100 * sumOf("covered")) / sumOf("total");
}

/** Sources that are nothing but types: they compile to no code, so no line of theirs can be run. */
function onlyTypes(): readonly string[] {
  return listFiles().filter((path) => {
    if (!/\/src\/.*\.ts$/.test(path) || path.endsWith(".test.ts")) return false;
    const file = join(root, compiledPath(path));
    return existsSync(file) && isEmpty(readFileSync(file, "utf8"));
  });
}

function exclude(pattern: string): readonly string[] {
  return ["--exclude", pattern];
}

function isEmpty(code: string): boolean {
  return (
    code
      .replace(/\/\/.*$|\/\*[\s\S]*?\*\//gm, "")
      .replace(/export\s*\{\s*\};/g, "")
      .trim() === ""
  );
}
