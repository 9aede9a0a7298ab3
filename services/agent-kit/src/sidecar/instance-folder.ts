// The private folder of one running agent: its sockets, and its sidecar's bootstrap.

import { mkdtempSync, readFileSync, readlinkSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { instanceSockets, sidecarBootstrapFile } from "@smartcall/envoy";
import { longestSocketPath } from "@smartcall/runtime";

/** The folder of an instance. */
export interface InstanceFolder {
  readonly path: string;
  /** The path of one of its sockets. */
  socket(of: keyof typeof instanceSockets): string;
  /** Puts the sidecar's bootstrap there, for its owner alone. */
  writeBootstrap(text: string): void;
  /** Takes it away: it holds the join token. */
  removeBootstrap(): void;
  /** Removes the folder with all that is in it. */
  remove(): void;
}

/** Its beginning, before six characters that tell it from others. */
export const folderPrefix = "smartcall-";
/** The file that says whose it is. */
export const ownerFile = "owner.json";

/** Whose an instance's folder is: a process, as the machine knows it. */
export interface Owner {
  readonly pid: number;
  /** When it began, in clock ticks since the machine did; "" where that is not told. */
  readonly began: string;
  /** The set of processes in which it has that number: containers have their own. */
  readonly among: string;
}

/**
 * Makes it in the folder for temporary files (`within`): a private one (0700), and owned by
 * this process. A sentence where the sockets' paths would be too long.
 */
export function makeInstanceFolder(within: string): InstanceFolder | string {
  const longest = Math.max(...Object.values(instanceSockets).map(({ length }) => length));
  const needed = Buffer.byteLength(join(within, `${folderPrefix}XXXXXX`)) + 1 + longest;
  if (needed > longestSocketPath) {
    return `${within} is too long a path for sockets in it: set TMPDIR to a shorter one, such as /tmp.`;
  }
  const path = mkdtempSync(join(within, folderPrefix));
  writeFileSync(join(path, ownerFile), JSON.stringify(ownerOf(process.pid)), { mode: 0o600 });
  const bootstrap = join(path, sidecarBootstrapFile);
  return {
    path,
    socket: (of) => join(path, instanceSockets[of]),
    writeBootstrap: (text) => writeFileSync(bootstrap, text, { mode: 0o600 }),
    removeBootstrap: () => rmSync(bootstrap, { force: true }),
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

/** What the machine says of a process that runs. */
export function ownerOf(pid: number): Owner {
  return { pid, began: beganAt(pid), among: processesSeen() };
}

/** Field 22 of https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html, after the name in brackets. */
function beganAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}

function processesSeen(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}
