// The operator's files, from the first look at them on: what they become waits until it can be served.

import { type Found, followMesh } from "../config/index.ts";
import type { LastGood } from "../state/index.ts";
import type { Serving } from "./serving.ts";

/** Follows the files until it is closed. */
export interface FollowedFiles {
  /** The first mesh that could be served; the promise waits for ever where none comes. */
  readonly first: Promise<Found>;
  /** Why the files as they stand cannot be used, while nothing is served. */
  problems(): readonly string[];
  /** From here on, what the files become after the first goes to `serving`. */
  serveBy(serving: Pick<Serving, "save" | "refused">): void;
  close(): Promise<void>;
}

/**
 * Follows the file or folder at `path`.
 *
 * @param lastGood found where the first look at the files finds them refused
 * @param refused told of what is wrong while nothing is served
 */
export function followFiles(
  path: string,
  lastGood: LastGood | undefined,
  now: () => Date,
  refused: (problems: readonly string[]) => void,
): FollowedFiles {
  let serving: Pick<Serving, "save" | "refused"> | undefined;
  let newest: Found | undefined;
  let firstFound: Found | undefined;
  let problems: readonly string[] = [];
  let isFirst: (found: Found) => void;
  const first = new Promise<Found>((resolve) => {
    isFirst = resolve;
  });
  const watching = followMesh(path, lastGood, now, {
    found(mesh) {
      newest = mesh;
      firstFound ??= mesh;
      if (!mesh.restored) problems = [];
      isFirst(mesh);
      serving?.save(mesh);
    },
    refused(found) {
      problems = found;
      if (serving === undefined) refused(found);
      else serving.refused(found);
    },
  });
  return {
    first,
    problems: () => problems,
    serveBy(by) {
      serving = by;
      if (problems.length > 0) by.refused(problems, true);
      else if (newest !== undefined && newest !== firstFound) by.save(newest);
    },
    close: () => watching.close(),
  };
}
