// A row as if it had been measured, for tests of the arithmetic.
import type { RowId } from "./row-types.ts";
import { type Figure, type Figures, figure, type Latency, type Summary } from "./summary.ts";

/** What each round came to; what is not given was 1 in one round. */
export interface MadeUp {
  /** Processor seconds of each process. */
  readonly cpu?: Readonly<Record<string, readonly number[]>>;
  /** Milliseconds until the first event. */
  readonly first?: readonly number[];
  /** Milliseconds of calls at the modest rate. */
  readonly modest?: readonly number[];
  readonly failures?: number;
  readonly problem?: string;
}

/** Calls and streams came to the same. */
export function madeUpRow(
  id: RowId,
  { cpu = {}, failures = 0, first = [1], modest = [1], problem }: MadeUp,
): Summary {
  const costs: Figures = Object.fromEntries(
    Object.entries(cpu).map(([name, rounds]) => [name, figure(rounds)]),
  );
  const rounds = Object.values(cpu)[0] ?? [1];
  const kind = {
    ...latency(figure([1])),
    perSecond: figure(rounds.map(() => 1)),
    failures,
    ...(problem !== undefined && { problem }),
    cpu: costs,
    modest: latency(figure(modest)),
  };
  const stream = { ...kind, cpuOfEvents: costs, first: latency(figure(first)) };
  return { id, name: id, unary: kind, stream, megabytes: {} };
}

function latency(each: Figure): Latency {
  return { p50: each, p95: each, p99: each };
}
