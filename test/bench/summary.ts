// The arithmetic of the bench: from what was measured in rounds to medians and their spread.
import type { RowId } from "./row-types.ts";

/** A figure of several rounds: the median, the least and the most. */
export interface Figure {
  readonly median: number;
  readonly least: number;
  readonly most: number;
}

/** By the name of a figure, or of a process. */
export type Figures = Readonly<Record<string, Figure>>;

/** What calls of one kind came to. */
export interface KindSummary {
  readonly perSecond: Figure;
  readonly p50: Figure;
  readonly p95: Figure;
  readonly p99: Figure;
  readonly failures: number;
  /** Processor seconds for 1,000 calls, of each process. */
  readonly cpu: Figures;
  /** Milliseconds at the modest rate, of all rounds together. */
  readonly modest: { readonly p50: number; readonly p95: number };
}

/** One row, summed up. */
export interface Summary {
  readonly id: RowId;
  readonly name: string;
  readonly unary: KindSummary;
  readonly stream: KindSummary & {
    /** Processor seconds for 1,000 events, of each process. */
    readonly cpuOfEvents: Figures;
    /** Milliseconds to the first event at the modest rate, of all rounds together. */
    readonly first: { readonly p50: number; readonly p95: number };
  };
  /** The most that each process held, in MB. */
  readonly megabytes: Readonly<Record<string, number>>;
}

/** Median, least and most. */
export function figure(values: readonly number[]): Figure {
  return { median: median(values), least: Math.min(...values), most: Math.max(...values) };
}

/** The middle one, or the mean of the middle two. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = Number.NaN, high = Number.NaN] = [
    sorted[sorted.length - 1 - middle],
    sorted[middle],
  ];
  return (low + high) / 2;
}
