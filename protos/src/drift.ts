// Compares two folders, file by file.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The files that are in only one of the folders, or differ; relative, sorted. */
export function driftedFiles(one: string, other: string): readonly string[] {
  const left = filesOf(one);
  const right = filesOf(other);
  const names = [...new Set([...left.keys(), ...right.keys()])].sort();
  return names.filter((name) => {
    const a = left.get(name);
    const b = right.get(name);
    return a === undefined || b === undefined || !a.equals(b);
  });
}

function filesOf(folder: string): ReadonlyMap<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path)];
    }),
  );
}
