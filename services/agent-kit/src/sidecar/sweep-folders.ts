// Removes the folders that killed agents left.

import { lstatSync, readdirSync, rmdirSync, rmSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { instanceSockets } from "@smartcall/envoy";
import { numberIn, readObject, textIn } from "@smartcall/runtime";
import { folderPrefix, type Owner, ownerFile, ownerOf } from "./instance-folder.ts";

/**
 * Removes each instance's folder in `within` whose process has ended, and leaves all else.
 * One that is empty and nobody's goes after a minute.
 * Of a process in another container nothing can be known but whether its sockets answer:
 * where none does, the folder goes once it is an hour old. Never fails.
 *
 * @param now in milliseconds since 1970
 */
export async function sweepFolders(within: string, now: number): Promise<void> {
  const name = new RegExp(`^${folderPrefix}[A-Za-z0-9]{6}$`);
  for (const entry of entriesOf(within)) {
    if (!name.test(entry)) continue;
    const folder = join(within, entry);
    const ageMs = ageOf(folder, now);
    if (ageMs === undefined) continue;
    const owner = ownerIn(folder);
    if (owner === undefined) {
      // Its process was killed before it had said whose it is. One that is not empty stays.
      if (ageMs >= ownedWithinMs) removeEmpty(folder);
    } else if (await isLeft(folder, owner, ageMs)) remove(folder);
  }
}

const forgottenMs = 3_600_000;
/** The owner is written right after a folder is made. */
const ownedWithinMs = 60_000;

async function isLeft(folder: string, owner: Owner, ageMs: number): Promise<boolean> {
  const found = ownerOf(owner.pid);
  if (owner.among === found.among) return !isAlive(owner.pid) || owner.began !== found.began;
  if (ageMs < forgottenMs) return false;
  const sockets = [instanceSockets.agent, instanceSockets.admin];
  const answers = await Promise.all(sockets.map((socket) => answersAt(join(folder, socket))));
  return !answers.includes(true);
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

/** Undefined where it is not a folder of this user. */
function ageOf(folder: string, now: number): number | undefined {
  try {
    const found = lstatSync(folder);
    const isOurs = found.isDirectory() && found.uid === process.getuid?.();
    return isOurs ? now - found.mtimeMs : undefined;
  } catch {
    return undefined;
  }
}

function ownerIn(folder: string): Owner | undefined {
  const said = readObject(join(folder, ownerFile));
  const pid = numberIn(said, "pid");
  const began = textIn(said, "began");
  const among = textIn(said, "among");
  if (pid === undefined || began === undefined || among === undefined) return undefined;
  return { pid, began, among };
}

/** https://man7.org/linux/man-pages/man2/kill.2.html: signal 0 only looks. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function answersAt(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = createConnection(socket);
    const say = (answer: boolean) => (): void => {
      connection.destroy();
      resolve(answer);
    };
    connection.once("connect", say(true));
    connection.once("error", say(false));
    connection.setTimeout(1000, say(true));
  });
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It has files, so it is no instance's; or it is gone.
  }
}

function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Another agent that starts now sweeps as well.
  }
}
