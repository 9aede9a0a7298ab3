// Which compiled test files there are, found by their sources, so that a stale build is never run.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { listFiles, root } from "../checks/repository.ts";

/** Tests beside the code, checks of the repository, and stories told against a running mesh. */
export const suites = ["unit", "checks", "stories"] as const;

/** What takes minutes, and is asked for by itself: files that end in `-long.test.ts`. */
export const longSuite = "long";

export type Suite = (typeof suites)[number] | typeof longSuite;

/**
 * The compiled files of a suite, absolute, sorted by name. `only` keeps those whose source path
 * holds one of its words. Throws where one was not compiled.
 */
export function testFiles(suite: Suite, only: readonly string[] = []): readonly string[] {
  return listFiles()
    .filter((path) => path.endsWith(".test.ts") && suiteOf(path) === suite)
    .filter((path) => only.length === 0 || only.some((word) => path.includes(word)))
    .sort()
    .map((path) => {
      const compiled = join(root, compiledPath(path));
      if (!existsSync(compiled)) throw new Error(`${path} is not compiled; run "make build"`);
      return compiled;
    });
}

function suiteOf(path: string): Suite {
  if (path.endsWith("-long.test.ts")) return longSuite;
  if (path.startsWith("test/checks/")) return "checks";
  return path.startsWith("test/") ? "stories" : "unit";
}

function compiledPath(path: string): string {
  const source = path.startsWith("test/")
    ? path.replace("test/", "test/dist/")
    : path.replace("/src/", "/dist/");
  return source.replace(/\.ts$/, ".js");
}
