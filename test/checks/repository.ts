// The files of this repository, as the checks see them.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The repository's root folder. */
export const root = execFileSync("git", ["rev-parse", "--show-toplevel"], {
  cwd: fileURLToPath(new URL(".", import.meta.url)),
  encoding: "utf8",
}).trim();

/** One file and its text. Paths are relative to the root. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** Paths of all files that are committed or about to be: ignored ones are left out. */
export function listFiles(): readonly string[] {
  const listed = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return listed.split("\n").filter((path) => path !== "" && existsSync(join(root, path)));
}

/** The TypeScript that people wrote: nothing generated. */
export function readSources(): readonly SourceFile[] {
  return listFiles()
    .filter((path) => path.endsWith(".ts") && !isGenerated(path))
    .map(readSource);
}

/** Reads one file of the repository as text. */
export function readSource(path: string): SourceFile {
  return { path, text: readFileSync(join(root, path), "utf8") };
}

/** Code that a tool wrote lives in folders named `gen`. */
export function isGenerated(path: string): boolean {
  return path.split("/").includes("gen");
}
