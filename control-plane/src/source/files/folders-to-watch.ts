// Finds the folders in which something must change for a path to mean something else.

import { lstat, readlink } from "node:fs/promises";
import { dirname, join, parse, resolve, sep } from "node:path";

/**
 * The folder of `path` and, where it leads over links, the folder of each link: a
 * volume of Kubernetes is changed by exchanging a link beside the file. The
 * folder itself if `path` is one, and the nearest that exists if it is gone.
 */
export async function foldersToWatch(path: string): Promise<ReadonlySet<string>> {
  const folders = new Set<string>();
  await follow(resolve(path), folders, maxLinks);
  return folders;
}

/** As many links as Linux follows. */
const maxLinks = 40;

async function follow(path: string, folders: Set<string>, links: number): Promise<void> {
  const { root } = parse(path);
  const names = path.slice(root.length).split(sep).filter(Boolean);
  let here = root;
  for (const [index, name] of names.entries()) {
    const next = join(here, name);
    const kind = await kindOf(next);
    const isLast = index === names.length - 1;
    if (kind !== "folder" || isLast) {
      folders.add(here);
    }
    if (kind === "link" && links > 0) {
      const target = resolve(here, await readlink(next).catch(() => "."));
      await follow(join(target, ...names.slice(index + 1)), folders, links - 1);
    }
    if (kind !== "folder") {
      return;
    }
    here = next;
  }
  folders.add(here);
  folders.add(dirname(here));
}

async function kindOf(path: string): Promise<"folder" | "link" | "file" | "missing"> {
  try {
    const found = await lstat(path);
    return found.isDirectory() ? "folder" : found.isSymbolicLink() ? "link" : "file";
  } catch {
    return "missing";
  }
}
