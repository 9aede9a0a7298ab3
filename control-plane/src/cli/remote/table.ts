// Tables for a person to read in a terminal, and the short words in them.
import { printable } from "@smartcall/runtime";

/** A cell: its text, and how it is painted once it has its width. */
export interface Cell {
  readonly text: string;
  paint?(text: string): string;
}

/** Lines with as many spaces between as columns need; the first row is the head. */
export function tableLines(rows: readonly (readonly Cell[])[]): readonly string[] {
  const safe = rows.map((row) => row.map((cell) => ({ ...cell, text: printable(cell.text) })));
  const widths: number[] = [];
  for (const row of safe) {
    for (const [column, { text }] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, text.length);
    }
  }
  return safe.map((row) =>
    row
      .map((cell, column) => shown(cell, widths[column] ?? 0))
      .join("  ")
      .trimEnd(),
  );
}

/** A cell of plain text; `–` where there is none. */
export function cell(text: string | undefined): Cell {
  return { text: text === undefined || text === "" ? "–" : text };
}

/** The beginning of a hash, enough to tell two apart. */
export function short(hash: string): string {
  return hash.slice(0, 7);
}

/** A span of time in its largest unit: `800ms`, `4s`, `3m`, `5h`, `2d`. */
export function spanOf(ms: number): string {
  const positive = Math.max(0, ms);
  if (positive < 1000) return `${Math.round(positive)}ms`;
  const [, unit, size] = units.find(([from]) => positive >= from) ?? seconds;
  return `${Math.floor(positive / size)}${unit}`;
}

/** From which on a unit is used: a person says 90 s, and 2 minutes. */
const units = [
  [172_800_000, "d", 86_400_000],
  [7_200_000, "h", 3_600_000],
  [120_000, "m", 60_000],
] as const;
const seconds = [0, "s", 1_000] as const;

function shown({ text, paint }: Cell, width: number): string {
  const padding = " ".repeat(width - text.length);
  return `${paint === undefined ? text : paint(text)}${padding}`;
}
