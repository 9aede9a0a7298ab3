// How many files and connections this process may have open.

import { readFileSync } from "node:fs";

/** What systems give at least, where it cannot be known. */
const fewest = 1_024;

/** The limit of open files, as Linux says it of this process. */
export function openFilesLimit(limits: () => string = ownLimits): number {
  try {
    const said = /^Max open files +(\d+|unlimited) /m.exec(limits())?.[1];
    return said === "unlimited" ? Number.MAX_SAFE_INTEGER : Number(said ?? fewest);
  } catch {
    return fewest;
  }
}

function ownLimits(): string {
  return readFileSync("/proc/self/limits", "utf8");
}
