// Which of a run's ratios are worse than those that were kept from an earlier one.
import { numberAt } from "../harness/json.ts";
import type { Ratio } from "./ratios.ts";

/** So much worse than what was kept is no chance: medians of a shared machine differ by less. */
export const mostWorse = 1.25;

/** A ratio that is worse, or of which nothing was kept. */
export interface Worse {
  readonly name: string;
  readonly why: string;
}

/** Those of a run. */
export function worseThanKept(found: readonly Ratio[], kept: unknown): readonly Worse[] {
  return found.flatMap(({ name, value }) => {
    const before = numberAt(kept, name);
    const is = `${value.toFixed(2)} ×`;
    if (Number.isNaN(before)) return [{ name, why: `${is}, and nothing was kept of it` }];
    const most = before * mostWorse;
    if (value <= most) return [];
    const why = `${is}, where ${before.toFixed(2)} × was kept: over ${most.toFixed(2)} ×`;
    return [{ name, why }];
  });
}
