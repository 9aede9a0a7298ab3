// The arithmetic of the bench: from what was measured in rounds to medians and their spread.
import type { Kind } from "./load-types.ts";
import type { RowId } from "./row-types.ts";

/** A figure of several rounds: the median, the least and the most, and that of each round in turn. */
export interface Figure {
  readonly median: number;
  readonly least: number;
  readonly most: number;
  readonly rounds: readonly number[];
}

/** By the name of a figure, or of a process. */
export type Figures = Readonly<Record<string, Figure>>;

/** Milliseconds: of each round the time that so large a share of its calls did not exceed. */
export interface Latency {
  readonly p50: Figure;
  readonly p95: Figure;
  readonly p99: Figure;
}

/** What calls of one kind came to; the times are those of as many calls at once as there are connections. */
export interface KindSummary extends Latency {
  readonly perSecond: Figure;
  /** Of all calls that were made, those to become warm too. */
  readonly failures: number;
  /** Of the first that failed. */
  readonly problem?: string;
  /** Processor seconds for 1,000 calls, of each process. */
  readonly cpu: Figures;
  /** At the modest rate. */
  readonly modest: Latency;
}

/** One row, summed up. */
export interface Summary {
  readonly id: RowId;
  readonly name: string;
  readonly unary: KindSummary;
  readonly stream: KindSummary & {
    /** Processor seconds for 1,000 events, of each process. */
    readonly cpuOfEvents: Figures;
    /** Until the first event, at the modest rate. */
    readonly first: Latency;
  };
  /** The most that each process held, in MB. */
  readonly megabytes: Readonly<Record<string, number>>;
}

/** Median, least and most of a value for each round. */
export function figure(values: readonly number[]): Figure {
  return {
    median: median(values),
    least: Math.min(...values),
    most: Math.max(...values),
    rounds: values,
  };
}

/** How far one lies above another in each round. */
export function difference(of: Figure, than: Figure): Figure {
  return figure(of.rounds.map((value, round) => value - (than.rounds[round] ?? Number.NaN)));
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

/** A sentence for each row and kind in which calls failed. */
export function failedCalls(rows: readonly Summary[]): readonly string[] {
  const kinds: readonly Kind[] = ["unary", "stream"];
  return rows.flatMap((row) =>
    kinds.flatMap((kind) => {
      const { failures, problem } = row[kind];
      if (failures === 0) return [];
      return [`${row.name}, ${kind}: ${failures} calls failed, the first with "${problem}"`];
    }),
  );
}
