// Follows the operator's files: tells what is good, and what is not with every reason.

import type { MeshFiles } from "../source/files/mesh-files.ts";
import type { Watching } from "../source/files/watch-content.ts";
import { watchMesh } from "../source/files/watch-mesh.ts";
import type { LastGood } from "../state/index.ts";
import { checkFiles } from "./check-files.ts";
import type { MeshConfig } from "./mesh-config.ts";
import type { NamedFiles } from "./named-files.ts";
import { shownProblems } from "./shown-problems.ts";
import { draftOf } from "./single-files.ts";

/** A mesh whose files pass every check. */
export interface Found {
  readonly config: MeshConfig;
  /** What the files held that it names. */
  readonly named: NamedFiles;
  /** The files themselves. */
  readonly from: LastGood;
  /** Whether it is the last good one, because the files as they stand cannot be used. */
  readonly restored: boolean;
  /** What is worth a look, each with its place and line. */
  readonly warnings: readonly string[];
}

/** Told of what the files become. */
export interface Followed {
  /** A mesh that could be served. */
  found(mesh: Found): void;
  /** The files cannot be used; each problem with its place and line. */
  refused(problems: readonly string[]): void;
}

/**
 * Follows the file or folder at `path` until it is closed.
 *
 * @param lastGood what an earlier control plane served; found where the first
 *   look at the files finds them refused
 */
export function followMesh(
  path: string,
  lastGood: LastGood | undefined,
  now: () => Date,
  followed: Followed,
): Watching {
  let work: Promise<void> = Promise.resolve();
  let foundAny = false;
  let closed = false;

  const tell = (mesh: Found): void => {
    foundAny = true;
    followed.found(mesh);
  };
  const take = async (files: MeshFiles): Promise<void> => {
    const checked = await checkMesh(files, now());
    if (closed) return;
    if (checked.ok) {
      tell(checked.found);
      return;
    }
    followed.refused(checked.problems);
    const restored = foundAny ? undefined : await restore(lastGood, now());
    if (restored !== undefined && !closed) tell(restored);
  };

  // One after the other, so that a slow check never overtakes a newer one.
  const watching = watchMesh(path, (files) => {
    work = work.then(() => take(files));
  });
  return {
    async close() {
      closed = true;
      await watching.close();
      await work;
    },
  };
}

/** The files as a mesh that could be served, or everything that is wrong with them. */
export async function checkMesh(
  files: MeshFiles,
  now: Date,
): Promise<
  | { readonly ok: true; readonly found: Found }
  | { readonly ok: false; readonly problems: readonly string[] }
> {
  const checked = await checkFiles(files, now);
  const texts = shownProblems(checked.diagnostics, (each) => checked.show(each));
  if (!checked.ok || files.kind === "unreadable") return { ok: false, problems: texts };
  const { config } = checked;
  const from = { files: files.files, hash: files.hash, at: now };
  const { pair } = checked;
  const named = { ...draftOf(checked), pair };
  return { ok: true, found: { config, named, from, restored: false, warnings: texts } };
}

/** What was kept of an earlier control plane's mesh, where it can still be used. */
export async function restore(
  lastGood: LastGood | undefined,
  now: Date,
): Promise<Found | undefined> {
  if (lastGood === undefined) return undefined;
  const checked = await checkMesh({ kind: "files", ...lastGood }, now);
  return checked.ok ? { ...checked.found, from: lastGood, restored: true } : undefined;
}
