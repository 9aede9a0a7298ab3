// Keeps which keys of an object may not be as they were meant, so that nothing is concluded from them.

import type { Report } from "../problem.ts";

/**
 * Keys whose value may not be what was meant: something in what is written there was
 * reported, or nothing is and a key beside it is unknown. What they hold can still be
 * looked at by itself; that they lack something means nothing.
 */
export type Flaws = ReadonlySet<string>;

/** Where all is as it was written. */
export const noFlaws: Flaws = new Set();

/** The flaws of one object, found while its keys are read one after the other. */
export function flawsOf(report: Report) {
  let flaws: Set<string> | undefined;
  let current = "";
  const add = (key: string): void => {
    flaws ??= new Set();
    flaws.add(key);
  };
  const tell: Report = (found, isInside) => {
    if (isInside !== true) add(current);
    report(found, true);
  };
  return {
    add,
    /** What reading the value of `key` reports to. */
    in(key: string): Report {
      current = key;
      return tell;
    },
    found: (): Flaws => flaws ?? noFlaws,
  };
}
