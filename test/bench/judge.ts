// Whether a call costs what it may: compares a run with what was kept, and repeats it once where it is worse.
import { worseThanKept } from "./kept-ratios.ts";
import type { Ratio } from "./ratios.ts";
import { median } from "./summary.ts";

/** What one run of the short bench found. */
export interface Run {
  readonly ratios: readonly Pick<Ratio, "name" | "value">[];
  /** A sentence for each row in which calls failed. */
  readonly failures: readonly string[];
}

/**
 * What is wrong, a line each: what is worse in both of two runs, where the second is made only
 * after a worse first. A call that failed needs no second, for its row was not measured.
 */
export async function judge(
  run: (why?: string) => Promise<Run>,
  kept: unknown,
): Promise<readonly string[]> {
  const first = await run();
  if (first.failures.length > 0) return first.failures;
  const worse = worseThanKept(first.ratios, kept);
  if (worse.length === 0) return [];
  const again = await run(`Worse than what was kept: ${worse.map(({ name }) => name).join("; ")}`);
  if (again.failures.length > 0) return again.failures;
  return worseThanKept(again.ratios, kept)
    .filter(({ name }) => worse.some((each) => each.name === name))
    .map(({ name, why }) => `${name}: ${why}`);
}

/** Of several runs the median of each ratio: what is kept. */
export function ratiosToKeep(runs: readonly Run[]): Readonly<Record<string, number>> {
  const names = runs[0]?.ratios.map(({ name }) => name) ?? [];
  const of = (name: string): number =>
    median(
      runs.flatMap(({ ratios }) =>
        ratios.filter((each) => each.name === name).map(({ value }) => value),
      ),
    );
  return Object.fromEntries(names.map((name) => [name, Number(of(name).toFixed(2))]));
}
