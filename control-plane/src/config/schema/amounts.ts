// The types of sizes and of money, exact whatever their unit.

import { problem } from "../problem.ts";
import { found, quoted } from "./found.ts";
import type { Type } from "./type.ts";

/** A size with its unit, in bytes; both bounds are included. */
export function size(min: number, max: number): Type<number> {
  return {
    shape: {
      kind: "text",
      words: `size, ${sizeText(min)} to ${sizeText(max)}`,
      pattern: "^[0-9]+(B|KiB|MiB)$",
    },
    read: (tree, what, report) => {
      const match = tree.kind === "scalar" ? /^(\d+)(B|KiB|MiB)$/.exec(tree.source) : null;
      const bytes = Number(match?.[1]) * (units.get(match?.[2] ?? "") ?? Number.NaN);
      if (bytes >= min && bytes <= max) return bytes;
      const words = { what, min: sizeText(min), max: sizeText(max), found: found(tree) };
      report(problem("SC209", tree.at, words));
      return undefined;
    },
  };
}

/** What a number with a fraction may be. */
export interface DecimalBounds {
  readonly min: number;
  readonly max: number;
  /** Digits after the point, at most. */
  readonly places: number;
  readonly example: string;
}

/** A number with a fraction, as a whole number of its last decimal place. */
export function decimal({ example, max, min, places }: DecimalBounds): Type<number> {
  const scale = 10 ** places;
  return {
    shape: { kind: "decimal", min, max, places },
    read: (tree, what, report) => {
      const isNumber =
        tree.kind === "scalar" &&
        (typeof tree.value === "number" || typeof tree.value === "bigint");
      const [, whole = "", fraction = ""] = (isNumber && form.exec(tree.source)) || [];
      const value =
        whole === "" || fraction.length > places
          ? Number.NaN
          : Number(whole) * scale + Number(fraction.padEnd(places, "0"));
      if (value >= Math.round(min * scale) && value <= max * scale) return value;
      const words = {
        what,
        min: plain(min, places),
        max: max.toLocaleString("en"),
        places: String(places),
        value: isNumber ? quoted(tree.source) : found(tree),
        example,
      };
      report(problem("SC210", tree.at, words));
      return undefined;
    },
  };
}

const form = /^(\d{1,12})(?:\.(\d+))?$/;

const units: ReadonlyMap<string, number> = new Map([
  ["B", 1],
  ["KiB", 1024],
  ["MiB", 1024 * 1024],
]);

/** A size as one would write it, such as `64KiB`. */
export function sizeText(bytes: number): string {
  const [name = "B", unit = 1] =
    [...units].findLast(([, each]) => bytes >= each && bytes % each === 0) ?? [];
  return `${bytes / unit}${name}`;
}

/** Money in billionths of its unit, as one would write it. */
export function moneyText(nanos: number): string {
  return (nanos / 1_000_000_000).toLocaleString("en", { maximumFractionDigits: 9 });
}

/** Never `1e-9`. */
function plain(value: number, places: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(places);
}
