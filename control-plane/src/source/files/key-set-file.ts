// Reads and watches a file with the public keys of an issuer, that operators name.

import { readFile } from "node:fs/promises";
import { foldersToWatch } from "./folders-to-watch.ts";
import { type KeySetProblem, maxKeySetBytes, readKeySet } from "./key-set.ts";
import { standardTimes, type Watching, watchContent } from "./watch-content.ts";

/** The keys, or what is wrong with their file. */
export type KeySetFileRead =
  | { readonly kind: "keys"; readonly keys: string }
  | {
      readonly kind: "refused";
      readonly problem: KeySetProblem | "unreadable";
      /** The operating system's word for it, such as `ENOENT`. */
      readonly reason: string;
    };

/** Reads the file. Never rejects. */
export async function readKeySetFile(path: string): Promise<KeySetFileRead> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
    return { kind: "refused", problem: "unreadable", reason };
  }
  if (text.length > maxKeySetBytes) return { kind: "refused", problem: "not-a-set", reason: "" };
  const read = readKeySet(text);
  return read.kind === "keys" ? read : { ...read, reason: "" };
}

/** Tells what the file holds at once, and again each time that it changes. */
export function watchKeySetFile(
  path: string,
  onChange: (read: KeySetFileRead) => void,
  times = standardTimes,
): Watching {
  return watchContent<KeySetFileRead>(
    {
      folders: () => foldersToWatch(path),
      read: () => readKeySetFile(path),
      keyOf: (read) => JSON.stringify(read),
      isDoubtful: (read) => read.kind === "refused",
      onChange,
    },
    times,
  );
}
