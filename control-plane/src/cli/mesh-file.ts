// Reads and checks a mesh file, and keeps what the command line needs of it.

import type { ServedEdge } from "@smartcall/runtime";
import { checkFiles, type Diagnostic, servedEdge } from "../config/index.ts";
import { readMeshFiles } from "../source/files/read-mesh-files.ts";
import { fromHere } from "./from-here.ts";

/** What the command line needs to know of a mesh file. */
export interface MeshFile {
  /** The file or folder, as it is said to a person. */
  readonly path: string;
  readonly name: string;
  readonly edge: ServedEdge;
  /** The names of the agents listed. */
  readonly agents: readonly string[];
}

/** The mesh, or everything that is wrong with its file. */
export type MeshFileResult =
  | {
      readonly ok: true;
      readonly mesh: MeshFile;
      /** Warnings only. */
      readonly diagnostics: readonly ShownDiagnostic[];
    }
  | { readonly ok: false; readonly diagnostics: readonly ShownDiagnostic[] };

/** A diagnostic, as data and as text for a person. */
export interface ShownDiagnostic {
  readonly diagnostic: Diagnostic;
  readonly text: string;
}

/** Reads and checks the file or folder as the control plane does. */
export async function readMeshFile(
  path: string,
  options: { readonly colour: boolean; readonly now: Date },
): Promise<MeshFileResult> {
  const shown = fromHere(path);
  const checked = await checkFiles(await readMeshFiles(shown), options.now);
  const diagnostics = checked.diagnostics.map((diagnostic) => ({
    diagnostic,
    text: checked.show(diagnostic, options.colour),
  }));
  if (!checked.ok) return { ok: false, diagnostics };
  const { mesh, agents } = checked.config;
  return {
    ok: true,
    mesh: {
      path: shown,
      name: mesh,
      edge: servedEdge(checked.config),
      agents: [...agents.keys()],
    },
    diagnostics,
  };
}
