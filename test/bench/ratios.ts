// What the mesh promises of its cost, as ratios of rows that were measured in one run.
import type { Kind } from "./load-types.ts";
import type { RowId } from "./row-types.ts";
import { difference, type Figure, figure, type Summary } from "./summary.ts";

/** What is to be reached, with what was. */
export interface Ratio {
  readonly name: string;
  /** The median of what the rounds came to, each by itself; and how far they lie apart. */
  readonly value: number;
  readonly least: number;
  readonly greatest: number;
  readonly most: number;
  readonly unit: "×" | "ms";
  readonly met: boolean;
  /** Whether CI compares it: a quotient of two rows is steady enough, a difference is not. */
  readonly isQuotient: boolean;
}

interface Promised {
  readonly name: string;
  /** The rows that it is made of. */
  readonly of: readonly RowId[];
  readonly value: (row: (id: RowId) => Summary) => Figure;
  readonly most: number;
  readonly unit?: Ratio["unit"];
  readonly isQuotient?: boolean;
}

const promised: readonly Promised[] = [
  ...costs("unary"),
  ...costs("stream"),
  ...(["edge", "edge-budget", "edge-sidecar"] as const).flatMap((id) => [
    firstEvent(id, "p50", 2),
    firstEvent(id, "p95", 5),
  ]),
];

/** Those of them whose rows were measured. */
export function ratios(rows: readonly Summary[]): readonly Ratio[] {
  const found = new Map(rows.map((row) => [row.id, row]));
  const row = (id: RowId): Summary => {
    const one = found.get(id);
    if (one === undefined) throw new Error(`no row ${id}`);
    return one;
  };
  return promised
    .filter(({ of }) => of.every((id) => found.has(id)))
    .map(({ isQuotient = false, most, name, unit = "×", value }) => {
      const { median, least, most: greatest } = value(row);
      return { name, value: median, least, greatest, most, unit, met: median <= most, isQuotient };
    });
}

function costs(kind: Kind): readonly Promised[] {
  const quotient = (
    name: string,
    [over, under]: readonly [RowId, RowId],
    most: number,
    processes: readonly string[] = ["gateway"],
  ): Promised => ({
    name: `${name}, ${kind}`,
    of: [over, under],
    value: (row) => {
      const whole = row(under);
      const [counted = ""] = processes;
      return byRound(whole, kind, (round) => {
        const used = processes.map((each) => cpu(row(over), kind, each, round));
        return sum(used) / cpu(whole, kind, counted, round);
      });
    },
    most,
    isQuotient: true,
  });
  const budget = ["edge-budget", "transcoder"] as const;
  return [
    quotient("edge / transcoder only", ["edge", "transcoder"], 1.2),
    quotient("edge / transcoder only with TLS", ["edge", "transcoder-tls"], 1.2),
    quotient("edge with a budget / transcoder only", budget, 2),
    quotient("edge with a budget and the quota service / transcoder only", budget, 2, [
      "gateway",
      "quota",
    ]),
    {
      name: `what the sidecar adds / transcoder only, ${kind}`,
      of: ["edge-sidecar", "edge", "transcoder"],
      value: (row) => {
        const by = row("edge-sidecar");
        return byRound(by, kind, (round) => {
          const both = sum(["gateway", "sidecar"].map((each) => cpu(by, kind, each, round)));
          const adds = both - cpu(row("edge"), kind, "gateway", round);
          return adds / cpu(row("transcoder"), kind, "gateway", round);
        });
      },
      most: 0.6,
    },
    quotient("edge and sidecar / transcoder only", ["edge-sidecar", "transcoder"], 1.8, [
      "gateway",
      "sidecar",
    ]),
    quotient("agent on the kit / on bare grpc-js", ["direct", "direct-bare"], 1.15, ["agent"]),
    quotient("edge / express as the edge", ["edge", "express"], 0.4),
  ];
}

function firstEvent(id: RowId, at: "p50" | "p95", most: number): Promised {
  return {
    name: `first event later, ${id}, ${at.toUpperCase()}`,
    of: [id, "direct"],
    value: (row) => difference(row(id).stream.first[at], row("direct").stream.first[at]),
    most,
    unit: "ms",
  };
}

function byRound(row: Summary, kind: Kind, of: (round: number) => number): Figure {
  return figure(row[kind].perSecond.rounds.map((_, round) => of(round)));
}

function cpu(row: Summary, kind: Kind, process: string, round: number): number {
  return row[kind].cpu[process]?.rounds[round] ?? Number.NaN;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
