// How long to wait before a process that died is started again.

/** The shortest and longest wait, in milliseconds. */
export const shortestWaitMs = 200;
export const longestWaitMs = 3_000;

/** A process that lived this long, in milliseconds, is well again. */
export const wellAfterMs = 10_000;

/** The wait after the given number of deaths in a row, counted from 1: doubled each time. */
export function waitAfter(deaths: number): number {
  return Math.min(shortestWaitMs * 2 ** (deaths - 1), longestWaitMs);
}

/** How many deaths in a row there have been after one more, given how long the process lived. */
export function deathsAfter(deaths: number, livedMs: number): number {
  return livedMs >= wellAfterMs ? 1 : deaths + 1;
}
