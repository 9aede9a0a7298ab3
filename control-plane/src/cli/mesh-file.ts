// Reads and checks a mesh file, and keeps what the command line needs of it.

import type { ServedEdge } from "@smartcall/runtime";
import { checkFiles, keyVariables, servedEdge, shownProblems } from "../config/index.ts";
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
  /** The variables of the environment that hold keys. */
  readonly keyVariables: readonly string[];
}

/** The mesh, or everything that is wrong with its file. */
export type MeshFileResult =
  | { readonly ok: true; readonly mesh: MeshFile }
  /** As text for a person. */
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads and checks the file or folder as the control plane does. */
export async function readMeshFile(
  path: string,
  options: { readonly colour: boolean; readonly now: Date },
): Promise<MeshFileResult> {
  const shown = fromHere(path);
  const checked = await checkFiles(await readMeshFiles(shown), options.now);
  const problems = shownProblems(checked.diagnostics, (one) => checked.show(one, options.colour));
  if (!checked.ok) return { ok: false, problems };
  const { mesh, agents } = checked.config;
  return {
    ok: true,
    mesh: {
      path: shown,
      name: mesh,
      edge: servedEdge(checked.config),
      agents: [...agents.keys()],
      keyVariables: keyVariables(checked.config),
    },
  };
}
