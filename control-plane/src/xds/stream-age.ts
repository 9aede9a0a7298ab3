// How long a stream may last: about ten hours, and each another while, so that the nodes that
// came back together after a restart do not come back together for ever.

const shortestMs = 9 * 3_600_000;
const spreadMs = 2 * 3_600_000;

/**
 * How long a stream may last, in milliseconds.
 *
 * @param random from 0 up to 1
 */
export function streamAge(random: number): number {
  return shortestMs + random * spreadMs;
}
