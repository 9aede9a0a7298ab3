// Every code that a diagnostic can have: its kind, its words, what to do.

import { caseCodes } from "./codes/case.ts";
import { fileCodes } from "./codes/file.ts";
import { gatewayCodes } from "./codes/gateway.ts";
import { meaningCodes } from "./codes/meaning.ts";
import { meshOfAgentsCodes } from "./codes/mesh-of-agents.ts";
import { policyCodes } from "./codes/policy.ts";
import type { CodeRow } from "./codes/row.ts";
import { schemaCodes } from "./codes/schema.ts";
import { syntaxCodes } from "./codes/syntax.ts";

export { type CodeRow, type Kind, kinds } from "./codes/row.ts";

/** The table of codes. A code is never given a second meaning. */
export const codes = {
  ...fileCodes,
  ...syntaxCodes,
  ...schemaCodes,
  ...meaningCodes,
  ...policyCodes,
  ...meshOfAgentsCodes,
  ...caseCodes,
  ...gatewayCodes,
} as const satisfies Readonly<Record<string, CodeRow>>;

/** A code of the table. */
export type Code = keyof typeof codes;
