// Reads the files of a mesh once, as they stand on disk.

import { isUtf8 } from "node:buffer";
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { endOfText } from "./end-of-text.ts";
import { type FileProblem, type MeshFiles, maxMeshBytes, type SourceFile } from "./mesh-files.ts";

/**
 * Reads one file, or a folder's `*.yaml` and `*.yml` files sorted by name.
 * Folders inside it, names that begin with a dot, and test cases are left out.
 */
export function readMeshFiles(path: string): Promise<MeshFiles> {
  return readFiles(path, isMeshFile);
}

/** Whether a file of a folder belongs to the mesh that the folder describes, by its name. */
export function isMeshFile(name: string): boolean {
  return isYaml.test(name) && !isCases.test(name);
}

/** SHA-256 of names and texts, in hex: the same for the same content in the same place. */
export function hashOfFiles(files: readonly SourceFile[]): string {
  const hash = createHash("sha256");
  for (const { name, text } of files) {
    hash.update(JSON.stringify([name, text]));
  }
  return hash.digest("hex");
}

/** Reads one file of test cases, or a folder's `*.test.yaml` and `*.test.yml` files by name. */
export function readCaseFiles(path: string): Promise<MeshFiles> {
  return readFiles(path, (name) => isCases.test(name));
}

const isYaml = /^[^.].*\.ya?ml$/;
const isCases = /^[^.].*\.test\.ya?ml$/;

async function readFiles(path: string, isWanted: (name: string) => boolean): Promise<MeshFiles> {
  let names: readonly string[];
  try {
    names = (await stat(path)).isDirectory() ? await namesIn(path, isWanted) : [path];
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
  return { kind: "files", files, hash: hashOfFiles(files) };
}

async function namesIn(
  folder: string,
  isWanted: (name: string) => boolean,
): Promise<readonly string[]> {
  const found = await readdir(folder);
  const names: string[] = [];
  for (const name of found.filter(isWanted).sort()) {
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
    if (!isUtf8(content)) {
      return { kind: "not-text", path, reason: "", at: endOfText(content) };
    }
    return { text: new TextDecoder().decode(content), bytes: content.length };
  } catch (error) {
    return problemOf(error, path);
  }
}

function problemOf(error: unknown, path: string): FileProblem {
  const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
  const missing = reason === "ENOENT" || reason === "ENOTDIR";
  return { kind: missing ? "missing" : "unreadable", path, reason };
}

function unreadable(problem: FileProblem): MeshFiles {
  return { kind: "unreadable", problem };
}
