// The log file of a process: appended to by the process itself, and kept from growing without bound.

import { closeSync, copyFileSync, openSync, readSync, statSync, truncateSync } from "node:fs";
import { parseObject, textIn, valueIn } from "@smartcall/runtime";

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
 * Why a process ended, as far as its log after `offset` tells: the message of the
 * last warning or worse, else the last line of plain text. What it said while
 * all was well is no reason.
 */
export function lastWords(file: string, offset: number): string | undefined {
  const told = linesAfter(file, offset)
    .map(read)
    .filter((line) => line.text !== "");
  const reason = told.findLast((line) => line.bad) ?? told.findLast((line) => line.plain);
  return reason?.text.slice(0, 500);
}

/** The whole lines after the offset, or those of them that are in the file's end. */
function linesAfter(file: string, offset: number): readonly string[] {
  let fd: number;
  try {
    fd = openSync(file, "r");
  } catch {
    return [];
  }
  const size = logSize(file);
  // A log that was set aside since begins anew, and is shorter than it was.
  const from = Math.max(offset > size ? 0 : offset, size - longestSearch);
  const before = from === 0 ? 0 : 1;
  const bytes = Buffer.alloc(longestSearch + before);
  const length = readSync(fd, bytes, 0, bytes.length, from - before);
  closeSync(fd);
  const [part = "", ...lines] = bytes.toString("utf8", 0, length).split("\n");
  return (before === 0 ? [part, ...lines] : lines)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

interface Line {
  readonly text: string;
  readonly bad: boolean;
  readonly plain: boolean;
}

const badLevels: ReadonlySet<unknown> = new Set(["warn", "warning", "error", "fatal", "critical"]);

function read(line: string): Line {
  if (line.startsWith("{")) return readJson(line);
  // Frames of a stack trace, and what Node writes below it, say where, not what.
  const noise = /^(at |\^|}|Node\.js v|throw |file:\/\/|node:)/.test(line);
  return { text: noise ? "" : line, bad: /^(\w*Error\b|fatal|error)/i.test(line), plain: true };
}

/** A line that was cut off, as a kill may do, says nothing. */
function readJson(line: string): Line {
  const entry = parseObject(line);
  const text = [textIn(entry, "msg"), textIn(entry, "err", "message")]
    .filter((part) => part !== undefined)
    .join(": ");
  return { text, bad: badLevels.has(valueIn(entry, "level")), plain: false };
}
