// Who spent what, for a person to read.

import { type Cell, cell, spanOf, tableLines } from "../remote/table.ts";
import type { Terminal } from "../up/terminal.ts";
import type { AccountAnswer, AccountsAnswer } from "./answers.ts";

/** A row for each account; where nothing was used it says so. */
export function showAccounts(
  { accounts, more }: AccountsAnswer,
  now: number,
  terminal: Terminal,
): readonly string[] {
  if (accounts.length === 0) return ["Nobody has used anything of a budget."];
  const titles = ["BUDGET", "WHOSE", "USED", "RESERVED", "OF", "LEFT", "UNIT", "ENDS IN"];
  const head = titles.map((text) => ({ text, paint: terminal.dim }));
  const lines = tableLines([head, ...accounts.map((each) => row(each, now, terminal))]);
  return more ? [...lines, "There are more: name a budget, or use --json."] : lines;
}

function row(of: AccountAnswer, now: number, { red }: Terminal): readonly Cell[] {
  const left = of.amount - of.used - of.reserved;
  return [
    cell(of.budget),
    cell(of.key),
    cell(counted(of.used)),
    cell(counted(of.reserved)),
    cell(`${counted(of.amount)}${of.changed ? "*" : ""}`),
    left > 0 ? cell(counted(left)) : { text: counted(left), paint: red },
    cell(of.unit),
    cell(spanOf(Date.parse(of.until) - now)),
  ];
}

/** Without the crumbs of fractions that binary numbers leave. */
function counted(count: number): string {
  return `${Number(count.toFixed(9))}`;
}
