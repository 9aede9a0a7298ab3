// The arithmetic of the bench: from what was measured in rounds to medians, their spread, and ratios.
import type { Kind } from "./load-types.ts";
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

/** What is to be reached, with what was. */
export interface Ratio {
  readonly name: string;
  readonly value: number;
  readonly most: number;
  readonly unit: "×" | "ms";
  readonly met: boolean;
}

/** What the mesh promises, out of one run. */
export function ratios(rows: readonly Summary[]): readonly Ratio[] {
  const row = (id: RowId): Summary => {
    const found = rows.find((each) => each.id === id);
    if (found === undefined) throw new Error(`no row ${id}`);
    return found;
  };
  const cpu = (id: RowId, kind: Kind, process = "gateway"): number =>
    row(id)[kind].cpu[process]?.median ?? 0;
  const base = (kind: Kind): number => cpu("transcoder", kind);
  const of = (kind: Kind): readonly Ratio[] => {
    const sidecar =
      cpu("edge-sidecar", kind) + cpu("edge-sidecar", kind, "sidecar") - cpu("edge", kind);
    const agent = cpu("direct", kind, "agent") / cpu("direct-bare", kind, "agent");
    return [
      ratio(`edge / transcoder only, ${kind}`, cpu("edge", kind) / base(kind), 1.2),
      ratio(
        `edge / transcoder only with TLS, ${kind}`,
        cpu("edge", kind) / cpu("transcoder-tls", kind),
        1.2,
      ),
      ratio(
        `edge with a budget / transcoder only, ${kind}`,
        cpu("edge-budget", kind) / base(kind),
        2,
      ),
      ratio(`what the sidecar adds / transcoder only, ${kind}`, sidecar / base(kind), 0.6),
      ratio(`agent on the kit / on bare grpc-js, ${kind}`, agent, 1.15),
      ratio(`edge / express as the edge, ${kind}`, cpu("edge", kind) / cpu("express", kind), 0.4),
    ];
  };
  const first = (id: RowId, at: "p50" | "p95"): number =>
    row(id).stream.first[at] - row("direct").stream.first[at];
  return [
    ...of("unary"),
    ...of("stream"),
    ...(["edge", "edge-sidecar"] as const).flatMap((id) => [
      ratio(`first event later, ${id}, P50`, first(id, "p50"), 2, "ms"),
      ratio(`first event later, ${id}, P95`, first(id, "p95"), 5, "ms"),
    ]),
  ];
}

function ratio(name: string, value: number, most: number, unit: Ratio["unit"] = "×"): Ratio {
  return { name, value, most, unit, met: value <= most };
}
