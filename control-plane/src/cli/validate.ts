// Checks a mesh file and says what is wrong with it.

import { type CommandEnd, done, ended } from "./exit-codes.ts";
import { readMeshFile } from "./mesh-file.ts";

/** Checks the file or folder; with `json`, prints one diagnostic a line, warnings too. */
export async function validate(path: string, json: boolean): Promise<CommandEnd> {
  const colour = process.stderr.isTTY && !json;
  const read = await readMeshFile(path, { colour, now: new Date() });
  if (json) {
    for (const { diagnostic } of read.diagnostics) {
      process.stdout.write(`${JSON.stringify(diagnostic)}\n`);
    }
    return read.ok ? done : ended("failed");
  }
  for (const { text } of read.diagnostics) process.stderr.write(`${text}\n\n`);
  if (!read.ok) return ended("failed", `${countOf(read.diagnostics.length)} in ${path}.`);
  const { name, agents } = read.mesh;
  process.stdout.write(`${read.mesh.path} is good: mesh "${name}", agents ${agents.join(", ")}.\n`);
  return done;
}

function countOf(count: number): string {
  return count === 1 ? "1 problem" : `${count} problems`;
}
