// The percentile of figures that were measured, such as the P99 of latencies.

/** The least value that so large a share of all is not larger than; of none, NaN. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? Number.NaN;
}
