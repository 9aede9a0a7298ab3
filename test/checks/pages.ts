// The pages that people read, and the examples that they show.
import { listFiles, readSource, type SourceFile } from "./repository.ts";

/** A fenced block of code. */
export interface Block {
  readonly page: string;
  readonly line: number;
  /** Such as `ts`; empty where the page names none. */
  readonly language: string;
  readonly text: string;
  /** What the page calls the file that the block is, in the line before it; empty for none. */
  readonly file: string;
}

/** Every page: the README and all of `docs/`. */
export function readPages(): readonly SourceFile[] {
  return listFiles()
    .filter((path) => path === "README.md" || /^docs\/.*\.md$/.test(path))
    .map(readSource);
}

/** The blocks of a page, from its top. */
export function blocksOf({ path, text }: SourceFile): readonly Block[] {
  return [...text.matchAll(fence)].map(
    ({ index, 1: indent = "", 2: language = "", 3: code = "" }) => {
      const above = text.slice(0, index).trimEnd();
      const [, file = ""] = /(?:^|\n)`([^`\n]+)`[^\n]*:$/.exec(above) ?? [];
      return {
        page: path,
        line: text.slice(0, index).split("\n").length,
        language,
        text: code.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
        file,
      };
    },
  );
}

/** A page without its blocks, and without what stands between backticks. */
export function proseOf({ text }: SourceFile): string {
  return text.replace(fence, "").replaceAll(/`[^`\n]*`/g, "");
}

const fence = /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm;
