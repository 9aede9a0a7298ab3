// Which of a run's ratios are worse than those that were kept from an earlier one.
import { entries, numberAt } from "../harness/json.ts";
import type { Ratio } from "./ratios.ts";
import type { RowId } from "./row-types.ts";

/** The rows whose ratios are kept; the short bench measures these. */
export const keptRows: readonly RowId[] = [
  "direct",
  "direct-bare",
  "transcoder",
  "edge",
  "edge-budget",
  "edge-sidecar",
];

/** The file that has them, from the repository's root. */
export const keptFile = "test/bench/kept-ratios.json";

/** So much worse than what was kept is no chance: medians of a shared machine differ by less. */
export const mostWorse = 1.25;

/** A ratio that is worse, of which nothing was kept, or that was kept and is not found. */
export interface Worse {
  readonly name: string;
  readonly why: string;
}

/** Those of a run. */
export function worseThanKept(
  found: readonly Pick<Ratio, "name" | "value">[],
  kept: unknown,
): readonly Worse[] {
  const worse = found.flatMap(({ name, value }) => {
    const before = numberAt(kept, name);
    const is = `${value.toFixed(2)} ×`;
    if (Number.isNaN(before)) return [{ name, why: `${is}, and nothing was kept of it` }];
    const most = before * mostWorse;
    if (value <= most) return [];
    const why = `${is}, where ${before.toFixed(2)} × was kept: over ${most.toFixed(2)} ×`;
    return [{ name, why }];
  });
  const names = new Set(found.map(({ name }) => name));
  const missing = entries(kept).flatMap(([name]) =>
    names.has(name) ? [] : [{ name, why: "it was kept, and this run does not measure it" }],
  );
  return [...worse, ...missing];
}
