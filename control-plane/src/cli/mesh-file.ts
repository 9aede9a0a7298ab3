// What the command line needs to know of a mesh file.

import { readFile } from "node:fs/promises";
import { parse } from "yaml";

/** What the command line needs to know of a mesh file. */
export interface MeshFile {
  /** The file or folder. */
  readonly path: string;
  readonly name: string;
  /** Where the edge listens for HTTPS. */
  readonly httpsAddress: string;
  readonly httpsPort: number;
  /** The names of the agents listed. */
  readonly agents: readonly string[];
}

export type MeshFileResult =
  | { readonly ok: true; readonly mesh: MeshFile }
  | { readonly ok: false; readonly problems: readonly string[] };

export async function readMeshFile(path: string): Promise<MeshFileResult> {
  const doc = parse(await readFile(path, "utf8"));
  return {
    ok: true,
    mesh: {
      path,
      name: doc.mesh,
      httpsAddress: "0.0.0.0",
      httpsPort: doc.gateway?.https?.port ?? 8443,
      agents: Object.keys(doc.agents ?? {}),
    },
  };
}
