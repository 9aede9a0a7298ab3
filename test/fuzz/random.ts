// Chance that can be had again: the same seed makes the same choices.

/** Choices. */
export interface Random {
  /** A whole number from 0, below `limit`. */
  below(limit: number): number;
  /** One of a list that is not empty. */
  of<T>(list: readonly [T, ...T[]]): T;
  /** Bytes without any meaning. */
  bytes(count: number): Buffer;
}

/** Mulberry32: quick, and good enough to try things with. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number): number => Math.floor(next() * limit);
  return {
    below,
    of: (list) => list[below(list.length)] ?? list[0],
    bytes: (count) => Buffer.from(Array.from({ length: count }, () => below(256))),
  };
}

/** The text with some of its characters changed, doubled, left out or put elsewhere. */
export function mutate(random: Random, text: string): string {
  let changed = text;
  for (let times = 1 + random.below(4); times > 0; times--) {
    const at = random.below(changed.length + 1);
    const [before, after] = [changed.slice(0, at), changed.slice(at)];
    const odd = random.of(oddities);
    const change = random.below(5);
    if (change === 0) changed = before + odd + after;
    else if (change === 1) changed = before + odd + after.slice(1);
    else if (change === 2) changed = before + after.slice(1 + random.below(8));
    else if (change === 3) changed = before + after.slice(0, 1 + random.below(20)) + after;
    else changed = after + before;
  }
  return changed;
}

/** What programs stumble over. */
export const oddities: readonly [string, ...string[]] = [
  "\u0000",
  "\u0001",
  "\u001b",
  "\u007f",
  "\n",
  "\r\n",
  "\t",
  " ",
  '"',
  "'",
  "\\",
  "/",
  "../",
  "..;/",
  "%00",
  "%2f",
  "%2e%2e",
  "%",
  "%zz",
  "?",
  "#",
  ";",
  ":",
  "::",
  ",",
  "{",
  "}",
  "[",
  "]",
  "null",
  "true",
  "-1",
  "0",
  "1e999",
  "9999999999999999999999",
  "NaN",
  "\u00e9",
  "\ud800",
  "\u202e",
  "\ufeff",
  "\u{1f600}",
  "$(id)",
  "{{7*7}}",
  "<script>",
  "' OR 1=1 --",
  "%n%s",
  "a".repeat(300),
  "a".repeat(20_000),
];
