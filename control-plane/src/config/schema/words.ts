// The type of values that are one of a few words.

import { problem } from "../problem.ts";
import { closest } from "./closest.ts";
import { quoted } from "./found.ts";
import { text } from "./scalars.ts";
import type { Type } from "./type.ts";

/** One of the words, of which there are at least two. */
export function oneOf<W extends string>(words: readonly W[]): Type<W> {
  const list = listed(words.map((word) => `\`${word}\``));
  const { read } = text(list, `Write ${list}.`);
  return {
    shape: { kind: "either", options: words.map((word) => ({ kind: "word", word })) },
    read: (tree, what, report) => {
      const written = read(tree, what, report);
      const word = words.find((each) => each === written);
      if (written !== undefined && word === undefined) {
        const meant = closest(written, words);
        const advice = meant === undefined ? `Write ${list}.` : `Did you mean \`${meant}\`?`;
        const value = quoted(written).slice(1, -1);
        report(problem("SC208", tree.at, { value, expected: list, advice }));
      }
      return word;
    },
  };
}

/** Such as `a, b or c`. */
export function listed(words: readonly string[]): string {
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1) ?? ""}`;
}
