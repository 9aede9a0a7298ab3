// The log file of a process: appended to by the process itself, and kept from growing without bound.

import { closeSync, copyFileSync, openSync, readSync, statSync, truncateSync } from "node:fs";

/** The most a log file holds before it is set aside as `<file>.1`, in bytes. */
export const longestLog = 10 * 1024 * 1024;

/** Opens the file for a process to append to. Throws where the disk refuses. */
export function openLog(file: string): number {
  return openSync(file, "a", 0o600);
}

/**
 * Where the file is over `limit` bytes, copies it to `<file>.1` and empties it.
 * Processes that append to it go on at its start. A disk that refuses is left
 * alone: a log is not worth a mesh.
 */
export function boundLog(file: string, limit = longestLog): void {
  try {
    if (statSync(file).size <= limit) return;
    copyFileSync(file, `${file}.1`);
  } catch {
    // Without room for a copy, an empty log is better than a full disk.
  }
  try {
    if (statSync(file).size > limit) truncateSync(file);
  } catch {
    return;
  }
}

/** The size of the file in bytes, 0 where there is none. */
export function logSize(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** The longest end of a log that is searched for a reason, in bytes. */
const longestSearch = 32 * 1024;

/**
 * The last line after `offset` that tells a reason: of JSON lines the message of
 * the last warning or worse, else the last line that says anything.
 */
export function lastWords(file: string, offset: number): string | undefined {
  const lines = textAfter(file, offset)
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
  const told = lines.map(read).filter((line) => line.text !== "");
  const bad = told.findLast((line) => line.bad) ?? told.findLast((line) => line.plain);
  return (bad ?? told.at(-1))?.text.slice(0, 500);
}

function textAfter(file: string, offset: number): string {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch {
    return "";
  }
  const from = Math.max(offset, logSize(file) - longestSearch);
  const bytes = Buffer.alloc(longestSearch);
  const length = readSync(fd, bytes, 0, longestSearch, from);
  closeSync(fd);
  return bytes.toString("utf8", 0, length);
}

interface Line {
  readonly text: string;
  readonly bad: boolean;
  readonly plain: boolean;
}

const badLevels: ReadonlySet<unknown> = new Set(["warn", "warning", "error", "fatal", "critical"]);

function read(line: string): Line {
  const entry = parse(line);
  if (entry === undefined) {
    // Frames of a stack trace, and what Node writes below it, say where, not what.
    const noise = /^(at |\^|}|Node\.js v|throw |file:\/\/|node:)/.test(line);
    return { text: noise ? "" : line, bad: /^(\w*Error\b|fatal|error)/i.test(line), plain: true };
  }
  const message = entry.get("msg");
  const reason = reasonOf(entry.get("err"));
  const text = [message, reason].filter((part) => typeof part === "string" && part !== "");
  return { text: text.join(": "), bad: badLevels.has(entry.get("level")), plain: false };
}

function parse(line: string): ReadonlyMap<string, unknown> | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const content: unknown = JSON.parse(line);
    return typeof content === "object" && content !== null
      ? new Map<string, unknown>(Object.entries(content))
      : undefined;
  } catch {
    return undefined;
  }
}

function reasonOf(error: unknown): unknown {
  return typeof error === "object" && error !== null && "message" in error
    ? error.message
    : undefined;
}
