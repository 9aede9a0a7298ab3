// Makes one tree of the files of a folder.

import { placeOf, problem, type Report } from "./problem.ts";
import type { Entry, Mapping, Tree } from "./yaml/tree.ts";

/**
 * One tree with the keys of all. Agents, routes, budgets, prices and egress may be spread
 * over files; whatever else two files set is reported.
 */
export function mergeFiles(trees: readonly Tree[], report: Report): Tree | undefined {
  const [first, ...others] = trees;
  return others.reduce((whole, next) => {
    if (whole?.kind !== "mapping" || next.kind !== "mapping") {
      // Whichever is no mapping is shown to the reader, which says so.
      return whole?.kind === "mapping" ? next : whole;
    }
    return mergeTwo(whole, next, report);
  }, first);
}

function mergeTwo(a: Mapping, b: Mapping, report: Report): Mapping {
  const entries = new Map(a.entries);
  for (const [key, entry] of b.entries) {
    const earlier = entries.get(key);
    const joined = earlier === undefined ? entry : join(key, earlier, entry, report);
    if (joined === undefined) {
      report(
        problem("SC407", entry.at, { key, place: placeOf(earlier?.at ?? entry.at, entry.at) }),
      );
    } else {
      entries.set(key, joined);
    }
  }
  return { ...a, entries };
}

/** Mappings whose keys may stand in several files. */
const spread: ReadonlySet<string> = new Set(["agents", "budgets", "prices"]);

/** Lists whose items may. */
const lists: ReadonlySet<string> = new Set(["egress", "routes"]);

function join(key: string, a: Entry, b: Entry, report: Report): Entry | undefined {
  if (spread.has(key) && a.value.kind === "mapping" && b.value.kind === "mapping") {
    return { at: a.at, value: mergeTwo(a.value, b.value, report) };
  }
  if (lists.has(key) && a.value.kind === "sequence" && b.value.kind === "sequence") {
    return { at: a.at, value: { ...a.value, items: [...a.value.items, ...b.value.items] } };
  }
  return undefined;
}
