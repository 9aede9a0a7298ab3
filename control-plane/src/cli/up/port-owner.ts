// Which process listens on a port of this machine, as far as Linux lets us see.

import { readdirSync, readFileSync, readlinkSync } from "node:fs";

/** The process that listens on the port, such as `envoy, process 123`; undefined where it cannot be seen. */
export function portOwner(port: number): string | undefined {
  const sockets = new Set(["/proc/net/tcp", "/proc/net/tcp6"].flatMap((f) => listeners(f, port)));
  if (sockets.size === 0) return undefined;
  for (const pid of list("/proc").filter((name) => /^\d+$/.test(name))) {
    const fds = list(`/proc/${pid}/fd`);
    if (fds.some((fd) => sockets.has(link(`/proc/${pid}/fd/${fd}`)))) {
      return `${text(`/proc/${pid}/comm`).trim()}, process ${pid}`;
    }
  }
  return undefined;
}

const listening = "0A";

/** The sockets that listen on the port, as `/proc/<pid>/fd` names them. */
function listeners(file: string, port: number): readonly string[] {
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  return text(file)
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local, , state]) => state === listening && local?.endsWith(`:${hex}`) === true)
    .map((fields) => `socket:[${fields[9]}]`);
}

function list(folder: string): readonly string[] {
  return attempt(() => readdirSync(folder)) ?? [];
}

function link(path: string): string {
  return attempt(() => readlinkSync(path)) ?? "";
}

function text(path: string): string {
  return attempt(() => readFileSync(path, "utf8")) ?? "";
}

function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
