// Follows the operator's files: takes what is good, refuses what is not, and keeps the last good.

import type { MeshFiles } from "../source/files/mesh-files.ts";
import type { Watching } from "../source/files/watch-content.ts";
import { watchMesh } from "../source/files/watch-mesh.ts";
import type { LastGood } from "../state/index.ts";
import { checkFiles } from "./check-files.ts";
import { followNamedFiles } from "./follow-named-files.ts";
import type { MeshConfig } from "./mesh-config.ts";
import type { NamedFiles } from "./named-files.ts";

/** What is served, and what is refused, for an operator to read. */
export interface Standing {
  /** The content that is served, and since when; undefined while there is none. */
  readonly served?: { readonly hash: string; readonly since: Date; readonly restored: boolean };
  /** Why the files as they stand are not served. */
  readonly refused?: { readonly since: Date; readonly problems: readonly string[] };
}

/** A mesh that can be served. */
export interface Accepted extends NamedFiles {
  readonly config: MeshConfig;
}

/** Told of what the files become. */
export interface Followed {
  /**
   * A mesh to serve. `restored`: it is the last good one, because the files
   * themselves cannot be used.
   */
  accepted(mesh: Accepted, from: LastGood, restored: boolean): void;
  /** The same mesh, where a file has changed that it names: a certificate or an authority. */
  renewed(mesh: Accepted): void;
  /** The files are refused, and what was served goes on; each problem with its place and line. */
  refused(problems: readonly string[]): void;
  /** The files are good, and this is worth a look. */
  warned(warnings: readonly string[]): void;
}

/** Follows until it is closed. */
export interface Following {
  standing(): Standing;
  close(): Promise<void>;
}

/**
 * Follows the file or folder at `path`.
 *
 * @param lastGood what an earlier control plane served; taken where the first
 *   look at the files finds them refused
 */
export function followMesh(
  path: string,
  lastGood: LastGood | undefined,
  now: () => Date,
  followed: Followed,
): Following {
  let standing: Standing = {};
  let namedWatch: Watching | undefined;
  let work: Promise<void> = Promise.resolve();
  let closed = false;

  const accept = async (
    { authorities, config, pair }: Accepted,
    from: LastGood,
    restored: boolean,
  ): Promise<void> => {
    await namedWatch?.close();
    followed.accepted({ config, pair, authorities }, from, restored);
    namedWatch = followNamedFiles(config, { pair, authorities }, now, {
      renewed: (next) => followed.renewed({ config, ...next }),
      refused: followed.refused,
    });
  };
  const restore = async (): Promise<void> => {
    if (lastGood === undefined) return;
    const { files, hash } = lastGood;
    const checked = await checkFiles({ kind: "files", files, hash }, now());
    if (!checked.ok) return;
    standing = { ...standing, served: { hash, since: lastGood.at, restored: true } };
    await accept(checked, lastGood, true);
  };
  const take = async (files: MeshFiles): Promise<void> => {
    const checked = await checkFiles(files, now());
    if (closed) return;
    const texts = checked.diagnostics.map((diagnostic) => checked.show(diagnostic));
    if (!checked.ok || files.kind === "unreadable") {
      standing = { ...standing, refused: { since: now(), problems: texts } };
      followed.refused(texts);
      if (standing.served === undefined) await restore();
      return;
    }
    const good = { files: files.files, hash: files.hash, at: now() };
    standing = { served: { hash: good.hash, since: good.at, restored: false } };
    await accept(checked, good, false);
    if (texts.length > 0) followed.warned(texts);
  };

  // One after the other, so that a slow check never overtakes a newer one.
  const watching: Watching = watchMesh(path, (files) => {
    work = work.then(() => take(files));
  });
  return {
    standing: () => standing,
    async close() {
      closed = true;
      await watching.close();
      await work;
      await namedWatch?.close();
    },
  };
}
