// Puts other content into the place of a mesh's files: all of it ready before any of it counts.

import { randomUUID } from "node:crypto";
import { open, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import type { SourceFile } from "./mesh-files.ts";
import { isMeshFile } from "./read-mesh-files.ts";

/** New content that lies beside the old, or one sentence that says why it cannot. */
export type Replacement =
  | {
      readonly ok: true;
      /** Puts it in the place of the old; undefined, or why not all of it could be. */
      commit(): Promise<string | undefined>;
      /** Takes it away again. */
      discard(): Promise<void>;
    }
  | { readonly ok: false; readonly problem: string };

/**
 * Writes the new content beside the old, so that a full disk or a missing
 * permission shows before anything has changed. A file is replaced by one
 * rename, so that whoever reads it sees the old or the new and never a half;
 * where it is a link, what it leads to is replaced. In a folder, the mesh's
 * files that are not among the new ones are removed.
 *
 * @param path the file or folder that describes the mesh
 * @param files as `readMeshFiles` will name them
 */
export async function prepareReplacement(
  path: string,
  files: readonly SourceFile[],
): Promise<Replacement> {
  const written: { readonly from: string; readonly to: string }[] = [];
  const discard = async (): Promise<void> => {
    for (const { from } of written) await rm(from, { force: true });
  };
  try {
    const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
    for (const { name, text } of files) {
      const to = await realpath(name).catch(() => name);
      const from = join(dirname(to), `.${basename(to)}.${randomUUID()}.new`);
      written.push({ from, to });
      await writeWhole(from, text, await modeOf(to));
    }
    return {
      ok: true,
      discard,
      commit: async () => {
        try {
          for (const { from, to } of written) await rename(from, to);
          if (isFolder) await removeOthers(path, files);
          return undefined;
        } catch (error) {
          await discard();
          return problemOf(path, error);
        }
      },
    };
  } catch (error) {
    await discard();
    return { ok: false, problem: problemOf(path, error) };
  }
}

async function writeWhole(path: string, text: string, mode: number): Promise<void> {
  const handle = await open(path, "wx", mode);
  try {
    await handle.chmod(mode);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function modeOf(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined);
  return found === undefined ? 0o644 : found.mode & 0o777;
}

async function removeOthers(folder: string, files: readonly SourceFile[]): Promise<void> {
  const kept = new Set(files.map(({ name }) => basename(name)));
  for (const name of await readdir(folder)) {
    if (isMeshFile(name) && !kept.has(name)) await rm(join(folder, name));
  }
}

function problemOf(path: string, error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  return `${path} cannot be replaced: ${reason}.`;
}
