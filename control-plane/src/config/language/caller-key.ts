// What callers are told apart by: `subject`, `claim:NAME`, or other words.

import { problem } from "../problem.ts";
import { closest } from "../schema/closest.ts";
import { quoted } from "../schema/found.ts";
import { text } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { listed } from "../schema/words.ts";

/** What can stand in a header's name once encoded; to Envoy a dot would be a path of claims. */
export const claimForm = "claim:[A-Za-z0-9_-]{1,100}";

/** What callers are told apart by. */
export type CallerKey<W extends string> =
  | { readonly kind: W }
  | { readonly kind: "claim"; readonly claim: string };

/** One of the words, or a claim of the caller's token. */
export function callerKey<W extends string>(words: readonly W[]): Type<CallerKey<W>> {
  const all = [...words.slice(0, 1), "claim:NAME", ...words.slice(1)];
  const list = listed(all.map((word) => `\`${word}\``));
  const advice = `Write ${list}; a claim's name has letters, digits, \`_\` and \`-\`.`;
  const { read } = text(list, advice);
  const claim = new RegExp(`^${claimForm}$`);
  return {
    shape: {
      kind: "either",
      options: [
        ...words.map((word) => ({ kind: "word", word }) as const),
        { kind: "text", words: "`claim:NAME`", pattern: claim.source },
      ],
    },
    read: (tree, what, report) => {
      const written = read(tree, what, report);
      if (written === undefined) return undefined;
      const kind = words.find((word) => word === written);
      if (kind !== undefined) return { kind };
      if (claim.test(written)) return { kind: "claim", claim: written.slice("claim:".length) };
      const meant = closest(written, words);
      const value = quoted(written).slice(1, -1);
      const hint = meant === undefined ? advice : `Did you mean \`${meant}\`?`;
      report(problem("SC208", tree.at, { value, expected: list, advice: hint }));
      return undefined;
    },
  };
}
