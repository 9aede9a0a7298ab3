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

/** Finds the flaws of one object, while its keys are read one after the other. */
export class FlawFinder {
  /** What reading the value of the current key reports to. */
  readonly tell: Report;
  /** The key whose value is read. */
  current = "";
  #found: Set<string> | undefined;

  constructor(report: Report) {
    this.tell = (found, isInside) => {
      if (isInside !== true) this.add(this.current);
      report(found, true);
    };
  }

  add(key: string): void {
    this.#found ??= new Set();
    this.#found.add(key);
  }

  get found(): Flaws {
    return this.#found ?? noFlaws;
  }
}
