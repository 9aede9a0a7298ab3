// Reads and watches one file that operators name, whose text has to make sense.

import { readFile } from "node:fs/promises";
import { foldersToWatch } from "./folders-to-watch.ts";
import { standardTimes, type Watching, watchContent } from "./watch-content.ts";

/** What is wrong with a file. */
export interface RefusedText<Problem> {
  readonly kind: "refused";
  readonly problem: Problem | "unreadable";
  /** The operating system's word for it, such as `ENOENT`, where it is unreadable. */
  readonly reason: string;
}

/** A kind of file. */
export interface TextFile<Read> {
  /** Reads one. Never rejects. */
  read(path: string): Promise<Read>;
  /** Tells what one holds at once, and again each time that it changes. */
  watch(path: string, onChange: (read: Read) => void, times?: typeof standardTimes): Watching;
}

/** @param understand what a text says, or what is wrong with it */
export function textFile<Good extends { readonly kind: string }, Problem>(
  understand: (text: string) => Good | RefusedText<Problem>,
): TextFile<Good | RefusedText<Problem>> {
  const read = async (path: string): Promise<Good | RefusedText<Problem>> => {
    let text: string;
    try {
      text = await readFile(path, "utf8");
    } catch (error) {
      const reason = error instanceof Error && "code" in error ? String(error.code) : String(error);
      return { kind: "refused", problem: "unreadable", reason };
    }
    return understand(text);
  };
  return {
    read,
    watch: (path, onChange, times = standardTimes) =>
      watchContent<Good | RefusedText<Problem>>(
        {
          folders: () => foldersToWatch(path),
          read: () => read(path),
          keyOf: (found) => JSON.stringify(found),
          isDoubtful: (found) => found.kind === "refused",
          onChange,
        },
        times,
      ),
  };
}
