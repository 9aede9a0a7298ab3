// Checks all that a mesh is described by: its files, and those that they name.

import type { MeshFiles } from "../source/files/mesh-files.ts";
import type { Diagnostic } from "./diagnostic.ts";
import { fileDiagnostic } from "./file-diagnostics.ts";
import type { MeshConfig } from "./mesh-config.ts";
import { type NamedFiles, readNamedFiles } from "./named-files.ts";
import { inOrder, parseMesh } from "./parse-mesh.ts";
import { prettyDiagnostic } from "./pretty.ts";

/** What came of checking a mesh's files. */
export type MeshChecked = {
  /** Warnings only, where the mesh is good. */
  readonly diagnostics: readonly Diagnostic[];
  /** A diagnostic with its line and caret, for a person. */
  show(diagnostic: Diagnostic, colour?: boolean): string;
} & (({ readonly ok: true; readonly config: MeshConfig } & NamedFiles) | { readonly ok: false });

/** Finds everything that is wrong with the files, or the mesh that they describe. */
export async function checkFiles(files: MeshFiles, now: Date): Promise<MeshChecked> {
  if (files.kind === "unreadable") {
    const show = (diagnostic: Diagnostic, colour = false): string =>
      prettyDiagnostic(diagnostic, undefined, { colour });
    return { ok: false, diagnostics: [fileDiagnostic(files.problem)], show };
  }
  const texts = new Map(files.files.map(({ name, text }) => [name, text]));
  const show = (diagnostic: Diagnostic, colour = false): string =>
    prettyDiagnostic(diagnostic, texts.get(diagnostic.at.file), { colour });
  const parsed = parseMesh(files.files);
  const config = parsed.ok ? parsed.config : parsed.draft;
  if (config === undefined) return { ok: false, diagnostics: parsed.diagnostics, show };
  const named = await readNamedFiles(config, now);
  const diagnostics = inOrder([...parsed.diagnostics, ...named.diagnostics], files.files);
  if (!parsed.ok || diagnostics.some(({ severity }) => severity === "error")) {
    return { ok: false, diagnostics, show };
  }
  return { ok: true, config, ...named, diagnostics, show };
}
