// The accounts that one call takes from, at the moment that it asks.

import { createHash } from "node:crypto";
import type { Account } from "../ledger/account.ts";
import type { Level } from "../ledger/level.ts";
import type { Rule } from "./plan.ts";
import { windowOf } from "./window.ts";

/** The longest key that is kept as it is, in UTF-16 code units. */
const longestKey = 256;

/** A rule's account. */
export function accountOf(rule: Pick<Rule, "name" | "per">, key: string, now: number): Account {
  const { start, end } = rule.per === undefined ? atOnce : windowOf(rule.per, now);
  return { name: rule.name, key: shortened(key), start, end };
}

/** The levels of a call; `keys` by what they are, such as `subject`. A call without one has the empty key. */
export function levelsOf(
  rules: readonly Rule[],
  keys: ReadonlyMap<string, string>,
  now: number,
): readonly Level[] {
  return rules.map((rule) => ({
    account: accountOf(rule, keys.get(rule.by) ?? "", now),
    most: rule.most,
    charge: rule.charge,
  }));
}

const atOnce = { start: 0, end: undefined };

/** So that nobody's claims fill the disk. */
function shortened(key: string): string {
  if (key.length <= longestKey) return key;
  return `sha256:${createHash("sha256").update(key).digest("hex")}`;
}
