// State in a directory that only its owner can enter.

import { randomUUID } from "node:crypto";
import { chmod, link, mkdir, open, readdir, readFile, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf, failure, type Outcome, problemOf, success } from "./outcome.ts";
import type { State } from "./state.ts";

/**
 * State in the directory `folder` (an absolute path), which is made where it is
 * missing and closed to other users where it is open to them.
 */
export async function openDirectoryState(folder: string): Promise<Outcome<State>> {
  try {
    await mkdir(folder, { recursive: true, mode: folderMode });
    await chmod(folder, folderMode);
  } catch (error) {
    return failure(problemOf(error, folder));
  }
  return success(directoryState(folder));
}

function directoryState(folder: string): State {
  const path = (name: string): string => join(folder, checked(name));
  return {
    path,
    read: (name) => attempt(path(name), readText),
    write: (name, text) =>
      attempt(path(name), async (target) => {
        await withNewFile(target, text, (file) => rename(file, target));
        return undefined;
      }),
    append: (name, line) =>
      attempt(path(name), async (target) => {
        await appendLine(target, line);
        return undefined;
      }),
    writeOnce: (name, text) =>
      attempt(path(name), async (target) => {
        // A hard link is made only where nothing is, and shows a whole file.
        await withNewFile(target, text, (file) => link(file, target).catch(unless("EEXIST")));
        return readFile(target, "utf8");
      }),
    list: (name) =>
      attempt(path(name), async (target) => {
        const entries = await readdir(target).catch(unless("ENOENT"));
        return (entries ?? []).filter((entry) => !entry.startsWith(".")).sort();
      }),
    remove: (name) =>
      attempt(path(name), async (target) => {
        await rm(target, { force: true });
        return undefined;
      }),
    setAside: (name) => {
      const aside = `${name}.corrupt-${randomUUID()}`;
      return attempt(path(name), async (target) => {
        await rename(target, path(aside));
        return aside;
      });
    },
  };
}

const folderMode = 0o700;
const fileMode = 0o600;

async function attempt<T>(path: string, work: (path: string) => Promise<T>): Promise<Outcome<T>> {
  try {
    return success(await work(path));
  } catch (error) {
    return failure(problemOf(error, path));
  }
}

async function readText(path: string): Promise<string | undefined> {
  return (await readFile(path, "utf8").catch(unless("ENOENT"))) ?? undefined;
}

/** Writes a file of its own beside `target`, has it put into place, and leaves no rest. */
async function withNewFile(
  target: string,
  text: string,
  place: (file: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(target);
  await mkdir(folder, { recursive: true, mode: folderMode });
  const file = join(folder, `.${randomUUID()}.new`);
  try {
    const handle = await open(file, "wx", fileMode);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await place(file);
  } finally {
    await rm(file, { force: true });
  }
  await syncFolder(folder);
}

async function appendLine(target: string, line: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: folderMode });
  const handle = await open(target, "a+", fileMode);
  try {
    const { size } = await handle.stat();
    const { buffer } = await handle.read(Buffer.alloc(1), 0, 1, Math.max(0, size - 1));
    const isTorn = size > 0 && buffer.toString() !== "\n";
    // One write, so that two processes never mix their lines.
    await handle.writeFile(`${isTorn ? "\n" : ""}${line}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a rename outlive a power cut; a file system that cannot do it loses nothing else. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync().catch(unless("EINVAL"));
  } finally {
    await handle.close();
  }
}

function unless(code: string): (error: unknown) => void {
  return (error) => {
    if (codeOf(error) !== code) throw error;
  };
}

/** A name out of our own code; one that leaves the directory is a bug. */
function checked(name: string): string {
  if (!/^\w[\w.-]*(\/[\w-][\w.-]*)*$/.test(name)) throw new Error(`no name for a state: ${name}`);
  return name;
}
