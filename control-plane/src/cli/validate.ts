// Checks a mesh file and says what is wrong with it.

import { type CommandEnd, done, ended } from "./exit-codes.ts";
import { readMeshFile } from "./mesh-file.ts";

/** Checks the file or folder; with `json`, prints one diagnostic a line. */
export async function validate(path: string, json: boolean): Promise<CommandEnd> {
  const read = await readMeshFile(path);
  if (!read.ok) return ended("failed", ...read.problems);
  if (!json) process.stdout.write(`${path} is good.\n`);
  return done;
}
