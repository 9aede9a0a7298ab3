// `balance`: which instance of an agent takes a call.

import type { BalanceConfig } from "../agent-config.ts";
import { problem } from "../problem.ts";
import { quoted } from "../schema/found.ts";
import { text } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";
import { claimForm } from "./caller-key.ts";

const expected = "`least-request`, `subject`, `claim:NAME` or `header:NAME`";

const advice = `Write ${expected}; NAME has letters, digits, \`_\` and \`-\`.`;

const headerForm = "header:[A-Za-z0-9_-]{1,100}";

const written = text(expected, advice);

/** `balance`. */
export const balance: Type<BalanceConfig> = {
  shape: {
    kind: "either",
    options: [
      { kind: "word", word: "least-request" },
      { kind: "word", word: "subject" },
      { kind: "text", words: "`claim:NAME`", pattern: `^${claimForm}$` },
      { kind: "text", words: "`header:NAME`", pattern: `^${headerForm}$` },
    ],
  },
  read: (tree, what, report) => {
    const value = written.read(tree, what, report);
    if (value === undefined) return undefined;
    const found = parse(value);
    if (found !== undefined && found !== "reserved") return found;
    const words = quoted(value).slice(1, -1);
    const hint =
      found === "reserved"
        ? "The gateway sets or removes that header, or it holds a secret; write `subject`, `claim:NAME`, or a header of your own."
        : advice;
    report(problem("SC208", tree.at, { value: words, expected, advice: hint }));
    return undefined;
  },
};

/** The claim `sub` names the subject (RFC 7519, section 4.1.2). */
function parse(value: string): BalanceConfig | "reserved" | undefined {
  if (value === "least-request") return { kind: "least-request" };
  if (value === "subject") return { kind: "claim", claim: "sub" };
  if (aClaim.test(value)) return { kind: "claim", claim: value.slice("claim:".length) };
  if (!aHeader.test(value)) return undefined;
  const header = value.slice("header:".length).toLowerCase();
  return reserved.test(header) ? "reserved" : { kind: "header", header };
}

const aClaim = new RegExp(`^${claimForm}$`);
const aHeader = new RegExp(`^${headerForm}$`);
const reserved = /^(authorization|x-api-key|cookie|host|smartcall-.*|x-envoy-.*)$/;
