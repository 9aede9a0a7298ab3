// Options of the commands that make tokens.

import { InvalidArgumentError } from "commander";

const units = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** A length of time such as `12h`, in seconds. */
export function lifetime(text: string): number {
  const [, digits, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  const seconds = Object.entries(units).find(([name]) => name === unit)?.[1];
  const total = Number(digits) * (seconds ?? Number.NaN);
  if (total > 0) return total;
  throw new InvalidArgumentError("write a number and s, m, h or d, such as 12h.");
}

/** One more `name=value` after those before. */
export function claim(
  text: string,
  before: readonly (readonly [string, string])[] = [],
): readonly (readonly [string, string])[] {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError("write it as name=value, such as plan=gold.");
  return [...before, [text.slice(0, at), text.slice(at + 1)]];
}
