// Lists of agents' names.

import { type Located, listOf } from "../schema/collections.ts";
import { name } from "../schema/scalars.ts";
import type { Type } from "../schema/type.ts";

/** Names of agents, at least one. */
export function agentNames(ifEmpty: string): Type<readonly Located<string>[]> {
  return listOf(name("an agent"), {
    item: "an agent's name",
    advice: "Write a list of agents, such as `[writer]`.",
    ifEmpty,
  });
}
