// `sticky`: which callers always meet the same one of several agents.

import { type Located, mapped } from "../schema/collections.ts";
import { text } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";

/** What can stand in a header's name once encoded; to Envoy a dot would be a path of claims. */
const claimForm = "claim:[A-Za-z0-9_-]{1,100}";
const stickyForm = new RegExp(`^(subject|${claimForm})$`);

const written = text(
  "`subject` or a claim",
  "Write `subject`, or `claim:NAME` with letters, digits, `_` and `-`.",
  { fits: (value) => stickyForm.test(value) },
);

/** The claim that is meant; `subject` is the claim `sub` (RFC 7519, section 4.1.2). */
export const sticky: Type<Located<string>> = {
  ...mapped(written, (value, { at }) => ({
    value: value === "subject" ? "sub" : value.slice("claim:".length),
    at,
  })),
  shape: {
    kind: "either",
    options: [
      { kind: "word", word: "subject" },
      { kind: "text", words: "`claim:NAME`", pattern: `^${claimForm}$` },
    ],
  },
};
