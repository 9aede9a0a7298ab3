// When an issuer's keys are fetched again.

/** A number from 0 up to 1, 1 not included. */
export type Random = () => number;

const minute = 60_000;

/** Where their server does not say how long they stay as they are. */
const standardMs = 5 * minute;
/** A server's word counts within these. */
const soonestMs = minute;
const latestMs = 15 * minute;

/** After a success, in milliseconds; a tenth earlier or later, so that not all ask at once. */
export function refreshMs(maxAgeMs: number | undefined, random: Random): number {
  const wanted = Math.min(Math.max(maxAgeMs ?? standardMs, soonestMs), latestMs);
  return wanted * (0.9 + 0.2 * random());
}

/**
 * After so many failures in a row, 1 or more, in milliseconds: from half a second,
 * twice as long each time, up to a minute.
 */
export function retryMs(failures: number, random: Random): number {
  const longest = Math.min(1_000 * 2 ** Math.min(failures - 1, 10), minute);
  return longest * (0.5 + 0.5 * random());
}
