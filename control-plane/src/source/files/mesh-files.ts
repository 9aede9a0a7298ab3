// The files that describe a mesh, as they were found, whether or not they can be used.

/** One file of a mesh. */
export interface SourceFile {
  /** Its path, as the operator named it. */
  readonly name: string;
  readonly text: string;
}

/** What stands on disk at one moment. */
export type MeshFiles =
  | {
      readonly kind: "files";
      /** Sorted by name, at least one. */
      readonly files: readonly SourceFile[];
      /** SHA-256 of names and texts, in hex. */
      readonly hash: string;
    }
  /** No mesh can be read: this is an error, and never an empty mesh. */
  | { readonly kind: "unreadable"; readonly problem: FileProblem };

/** Why a file cannot be used. */
export interface FileProblem {
  readonly kind: "missing" | "unreadable" | "empty-folder" | "too-large" | "not-text";
  readonly path: string;
  /** The operating system's word for it, such as `EACCES`. */
  readonly reason: string;
  /** Where it ceases to be text, line and column from 1; absent where the whole file is meant. */
  readonly at?: { readonly line: number; readonly column: number };
}

/** How large all files of a mesh together may be, in bytes. */
export const maxMeshBytes = 8 * 1024 * 1024;
