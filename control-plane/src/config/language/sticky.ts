// `sticky`: which callers always meet the same one of several agents.

import { type Located, located, mapped } from "../schema/collections.ts";
import { text } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { claimForm } from "./caller-key.ts";

const stickyForm = new RegExp(`^(subject|${claimForm})$`);

const written = text(
  "`subject` or a claim",
  "Write `subject`, or `claim:NAME` with letters, digits, `_` and `-`.",
  { fits: (value) => stickyForm.test(value) },
);

/** The claim that is meant; `subject` is the claim `sub` (RFC 7519, section 4.1.2). */
export const sticky: Type<Located<string>> = {
  ...located(
    mapped(written, (value) => (value === "subject" ? "sub" : value.slice("claim:".length))),
  ),
  shape: {
    kind: "either",
    options: [
      { kind: "word", word: "subject" },
      { kind: "text", words: "`claim:NAME`", pattern: `^${claimForm}$` },
    ],
  },
};
