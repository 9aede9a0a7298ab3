// Which compiled test files there are, found by their sources, so that a stale build is never run.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { listFiles, root } from "../checks/repository.ts";

/** Tests beside the code, checks of the repository, and stories told against a running mesh. */
export const suites = ["unit", "checks", "stories"] as const;

/** In how many shares the stories run: they wait more than they compute. */
const storyShares = 6;

/** A part of `make test` that runs in a process of its own. */
export interface TestPart {
  readonly name: string;
  /** What `run-suite.js` is told. */
  readonly args: readonly string[];
}

/** All parts of `make test`, the long ones first. */
export const testParts: readonly TestPart[] = [
  ...Array.from({ length: storyShares }, (_, at) => ({
    name: `stories ${at + 1} of ${storyShares}`,
    args: ["stories", `--share=${at + 1}/${storyShares}`],
  })),
  { name: "unit", args: ["unit"] },
  { name: "checks", args: ["checks"] },
];

/** What takes minutes, and is asked for by itself: files that end in `-long.test.ts`. */
export const longSuite = "long";

export type Suite = (typeof suites)[number] | typeof longSuite;

/** One of several equal shares of a suite, counted from 1, such as the second of four. */
export interface Share {
  readonly number: number;
  readonly of: number;
}

/** Which files of a suite. */
export interface Choice {
  /** Those whose source path holds one of these words; all where there is none. */
  readonly only?: readonly string[];
  readonly share?: Share;
}

/**
 * The compiled files of a suite, absolute, sorted by name. Throws where one was not
 * compiled.
 */
export function testFiles(suite: Suite, { only = [], share }: Choice = {}): readonly string[] {
  return listFiles()
    .filter((path) => path.endsWith(".test.ts") && suiteOf(path) === suite)
    .filter((path) => only.length === 0 || only.some((word) => path.includes(word)))
    .sort()
    .filter((_, at) => share === undefined || at % share.of === share.number - 1)
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
