// Which compiled test files there are, found by their sources, so that a stale build is never run.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { listFiles, root } from "../checks/repository.ts";

/** Tests beside the code, checks of the repository, and stories told against a running mesh. */
export const suites = ["unit", "checks", "stories"] as const;

/** Stories that share one mesh of their process, and those that start what they need. */
export const stages = ["shared", "own"] as const;
export type Stage = (typeof stages)[number];

/** A part of `make test` that runs in a process of its own. */
export interface TestPart {
  readonly name: string;
  /** What runs it, beside this file. */
  readonly program: "run-suite.js" | "run-pytest.js";
  /** What that is told. */
  readonly args: readonly string[];
  /**
   * Whether it is measured which lines it runs. That costs a quarter of the processor's time, so
   * only those are that run most lines: all units, and each part and command of one mesh.
   */
  readonly measured: boolean;
}

/** The part that is not of mocha. */
export const pythonPart = "Python SDK";

/** All parts of `make test`, the long ones first, so that the last ones end together. */
export const testParts: readonly TestPart[] = [
  ...shares(6, ["stories", "--stage=own"], { name: "stories", measured: false }),
  ...shares(2, ["unit"], { name: "unit", measured: true }),
  ...shares(2, ["stories", "--stage=shared"], { name: "stories of one mesh", measured: true }),
  { name: pythonPart, program: "run-pytest.js", args: [], measured: false },
  { name: "checks", program: "run-suite.js", args: ["checks"], measured: false },
];

function shares(
  count: number,
  args: readonly string[],
  { name, measured }: { readonly name: string; readonly measured: boolean },
): readonly TestPart[] {
  return Array.from({ length: count }, (_, at) => ({
    name: `${name} ${at + 1} of ${count}`,
    program: "run-suite.js",
    args: [...args, `--share=${at + 1}/${count}`],
    measured,
  }));
}

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
  /** Of the stories, those on this stage; all where it is not said. */
  readonly stage?: Stage;
  readonly share?: Share;
}

/**
 * The compiled files of a suite, absolute, sorted by name. Throws where one was not
 * compiled.
 */
export function testFiles(
  suite: Suite,
  { only = [], stage, share }: Choice = {},
): readonly string[] {
  return listFiles()
    .filter((path) => path.endsWith(".test.ts") && suiteOf(path) === suite)
    .filter((path) => only.length === 0 || only.some((word) => path.includes(word)))
    .filter((path) => stage === undefined || stageOf(path) === stage)
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

function stageOf(path: string): Stage {
  return readFileSync(join(root, path), "utf8").includes("/shared-mesh.ts") ? "shared" : "own";
}

/** Where a source's compiled file is, within the repository. */
export function compiledPath(path: string): string {
  const source = path.startsWith("test/")
    ? path.replace("test/", "test/dist/")
    : path.replace("/src/", "/dist/");
  return source.replace(/\.ts$/, ".js");
}
