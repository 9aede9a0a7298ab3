// Turns the text of a mesh's files into its config, or into all that is wrong with it.

import type { SourceFile } from "../source/files/mesh-files.ts";
import { checkMesh } from "./checks/mesh.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { mesh } from "./language/mesh.ts";
import { mergeFiles } from "./merge-files.ts";
import type { MeshConfig } from "./mesh-config.ts";
import type { Report } from "./problem.ts";
import { readPart } from "./schema/type.ts";
import { readDocument } from "./yaml/read-document.ts";
import type { Tree } from "./yaml/tree.ts";

/** A config without errors, or the reasons why there is none. */
export type MeshParsed =
  /** `diagnostics` then are warnings only. */
  | {
      readonly ok: true;
      readonly config: MeshConfig;
      readonly diagnostics: readonly Diagnostic[];
    }
  | {
      readonly ok: false;
      readonly diagnostics: readonly Diagnostic[];
      /** What could be read. */
      readonly draft: MeshConfig | undefined;
    };

/**
 * Reads and checks the files of one mesh, in the order given.
 *
 * Every error is found in one go, but for what only shows once what it depends on can
 * be read. Diagnostics come sorted by file and place.
 */
export function parseMesh(files: readonly SourceFile[]): MeshParsed {
  const diagnostics: Diagnostic[] = [];
  const report: Report = (diagnostic) => {
    diagnostics.push(diagnostic);
  };
  const trees = files.flatMap(({ name, text }) => readDocument(name, text, report) ?? []);
  const isWhole = trees.length === files.length;
  const config = readMesh(mergeFiles(trees, report), files.length, isWhole, report);
  if (config !== undefined) checkMesh(config, report);
  const sorted = inOrder(diagnostics, files);
  return config === undefined || !isWhole || sorted.some(({ severity }) => severity === "error")
    ? { ok: false, diagnostics: sorted, draft: config }
    : { ok: true, config, diagnostics: sorted };
}

function readMesh(
  tree: Tree | undefined,
  count: number,
  isWhole: boolean,
  report: Report,
): MeshConfig | undefined {
  if (tree === undefined) return undefined;
  const config = readPart(mesh, tree, count === 1 ? "the file" : "every file", (found) => {
    // What is missing may stand in a file that cannot be read.
    if (isWhole || found.code !== "SC203" || found.at !== tree.at) report(found);
  });
  return config === undefined || isWhole
    ? config
    : { ...config, flawed: new Set(Object.keys(config)) };
}

/** The diagnostics sorted by file and place, each once. */
export function inOrder(
  found: readonly Diagnostic[],
  files: readonly SourceFile[],
): readonly Diagnostic[] {
  const rank = new Map(files.map(({ name }, index) => [name, index]));
  // An anchor's value is read once for each alias; its errors are one error.
  const once = new Map(
    found.map((each) => [
      `${each.at.file}:${each.at.line}:${each.at.column} ${each.code} ${each.message}`,
      each,
    ]),
  );
  return [...once.values()].sort(
    (a, b) =>
      (rank.get(a.at.file) ?? 0) - (rank.get(b.at.file) ?? 0) ||
      a.at.line - b.at.line ||
      a.at.column - b.at.column ||
      (a.code < b.code ? -1 : 1),
  );
}
