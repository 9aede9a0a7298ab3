// Reads what a mesh's files say, without the files that they name.

import {
  type Diagnostic,
  fileDiagnostic,
  type MeshConfig,
  parseMesh,
  prettyDiagnostic,
  shownProblems,
} from "../config/index.ts";
import type { SourceFile } from "../source/files/mesh-files.ts";
import { readMeshFiles } from "../source/files/read-mesh-files.ts";
import { fromHere } from "./from-here.ts";

/** The config, or each problem as text for a person. */
export type ConfigRead =
  | {
      readonly ok: true;
      readonly config: MeshConfig;
      readonly files: readonly SourceFile[];
    }
  | { readonly ok: false; readonly problems: readonly string[] };

/**
 * Reads the file or folder. A certificate that it names need not be there: this
 * may be another machine than the one that has it.
 */
export async function readConfig(path: string): Promise<ConfigRead> {
  const read = await readMeshFiles(fromHere(path));
  return read.kind === "unreadable"
    ? { ok: false, problems: shown([fileDiagnostic(read.problem)], []) }
    : configOf(read.files);
}

/** The same for files whose text is known. */
export function configOf(files: readonly SourceFile[]): ConfigRead {
  const parsed = parseMesh(files);
  return parsed.ok
    ? { ok: true, config: parsed.config, files }
    : { ok: false, problems: shown(parsed.diagnostics, files) };
}

function shown(
  diagnostics: readonly Diagnostic[],
  files: readonly SourceFile[],
): readonly string[] {
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  return shownProblems(diagnostics, (found) =>
    prettyDiagnostic(found, texts.get(found.at.file), { colour: process.stderr.isTTY }),
  );
}
