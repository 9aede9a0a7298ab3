// Reads the files of a mesh once, as they stand on disk.

import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { type FileProblem, type MeshFiles, maxMeshBytes, type SourceFile } from "./mesh-files.ts";

/**
 * Reads one file, or a folder's `*.yaml` and `*.yml` files sorted by name.
 * Folders inside it, and names that begin with a dot, are left out.
 */
export async function readMeshFiles(path: string): Promise<MeshFiles> {
  let names: readonly string[];
  try {
    names = (await stat(path)).isDirectory() ? await namesIn(path) : [path];
  } catch (error) {
    return unreadable(problemOf(error, path));
  }
  if (names.length === 0) {
    return unreadable({ kind: "empty-folder", path, reason: "" });
  }
  const files: SourceFile[] = [];
  let bytes = 0;
  for (const name of names) {
    const read = await readText(name, maxMeshBytes - bytes);
    if ("kind" in read) {
      return unreadable(read);
    }
    bytes += read.bytes;
    files.push({ name, text: read.text });
  }
  return { kind: "files", files, hash: hashOf(files) };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder);
  const names: string[] = [];
  for (const name of found.filter((each) => /^[^.].*\.ya?ml$/.test(each)).sort()) {
    const path = join(folder, name);
    // A link counts as what it leads to: in Kubernetes' volumes every file is one.
    if (!(await stat(path)).isDirectory()) {
      names.push(path);
    }
  }
  return names;
}

async function readText(
  path: string,
  limit: number,
): Promise<FileProblem | { readonly text: string; readonly bytes: number }> {
  try {
    const { size } = await stat(path);
    if (size > limit) {
      return { kind: "too-large", path, reason: "" };
    }
    const content = await readFile(path);
    const text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    return { text, bytes: content.length };
  } catch (error) {
    return problemOf(error, path);
  }
}

function problemOf(error: unknown, path: string): FileProblem {
  const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
  if (reason === "ERR_ENCODING_INVALID_ENCODED_DATA") {
    return { kind: "not-text", path, reason };
  }
  const missing = reason === "ENOENT" || reason === "ENOTDIR";
  return { kind: missing ? "missing" : "unreadable", path, reason };
}

function unreadable(problem: FileProblem): MeshFiles {
  return { kind: "unreadable", problem };
}

function hashOf(files: readonly SourceFile[]): string {
  const hash = createHash("sha256");
  for (const { name, text } of files) {
    hash.update(JSON.stringify([name, text]));
  }
  return hash.digest("hex");
}
