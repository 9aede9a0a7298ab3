// Checks one text or number against its bounds.

import type { FieldRules } from "./contract-rules.ts";

/** C0 and C1 control characters and DEL, but tab, line feed and carriage return. */
const controlCharacter = /(?![\t\n\r])\p{Cc}/u;

/** What is wrong with the value, as the end of a sentence; undefined where nothing is. */
export function scalarProblem(value: unknown, bounds: FieldRules): string | undefined {
  if (typeof value === "string") return textProblem(value, bounds);
  if (typeof value === "number") return numberProblem(value, bounds);
  return undefined;
}

function textProblem(text: string, bounds: FieldRules): string | undefined {
  if (bounds.allowed !== undefined && !bounds.allowed.includes(text)) {
    return `must be one of ${bounds.allowed.join(", ")}`;
  }
  if (bounds.maxLength !== undefined && isLonger(text, bounds.maxLength)) {
    return `must be at most ${bounds.maxLength} characters long`;
  }
  if (bounds.printable && controlCharacter.test(text)) {
    return "must have no control characters";
  }
  return undefined;
}

/** Counts code points, and only where the cheaper UTF-16 length does not settle it. */
function isLonger(text: string, most: number): boolean {
  if (text.length <= most) return false;
  if (text.length > most * 2) return true;
  let points = 0;
  for (const _ of text) points++;
  return points > most;
}

function numberProblem(value: number, { min, max }: FieldRules): string | undefined {
  const low = min === undefined || value >= min;
  const high = max === undefined || value <= max;
  if (low && high) return undefined;
  if (min === undefined) return `must be at most ${max}`;
  if (max === undefined) return `must be at least ${min}`;
  return `must be from ${min} to ${max}`;
}
