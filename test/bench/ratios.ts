// What the mesh promises of its cost, as ratios of rows that were measured in one run.
import type { Kind } from "./load-types.ts";
import type { RowId } from "./row-types.ts";
import type { Summary } from "./summary.ts";

/** What is to be reached, with what was. */
export interface Ratio {
  readonly name: string;
  readonly value: number;
  readonly most: number;
  readonly unit: "×" | "ms";
  readonly met: boolean;
}

interface Promised {
  readonly name: string;
  /** The rows that it is made of. */
  readonly of: readonly RowId[];
  readonly value: (row: (id: RowId) => Summary) => number;
  readonly most: number;
  readonly unit?: Ratio["unit"];
}

const promised: readonly Promised[] = [
  ...costs("unary"),
  ...costs("stream"),
  ...(["edge", "edge-sidecar"] as const).flatMap((id) => [
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
    .map(({ most, name, unit = "×", value }) => {
      const is = value(row);
      return { name, value: is, most, unit, met: is <= most };
    });
}

function costs(kind: Kind): readonly Promised[] {
  const quotient = (name: string, over: RowId, under: RowId, most: number): Promised => ({
    name: `${name}, ${kind}`,
    of: [over, under],
    value: (row) => cpu(row(over), kind) / cpu(row(under), kind),
    most,
  });
  return [
    quotient("edge / transcoder only", "edge", "transcoder", 1.2),
    quotient("edge / transcoder only with TLS", "edge", "transcoder-tls", 1.2),
    quotient("edge with a budget / transcoder only", "edge-budget", "transcoder", 2),
    {
      name: `what the sidecar adds / transcoder only, ${kind}`,
      of: ["edge-sidecar", "edge", "transcoder"],
      value: (row) => {
        const by = row("edge-sidecar");
        const adds = cpu(by, kind) + cpu(by, kind, "sidecar") - cpu(row("edge"), kind);
        return adds / cpu(row("transcoder"), kind);
      },
      most: 0.6,
    },
    {
      name: `agent on the kit / on bare grpc-js, ${kind}`,
      of: ["direct", "direct-bare"],
      value: (row) => cpu(row("direct"), kind, "agent") / cpu(row("direct-bare"), kind, "agent"),
      most: 1.15,
    },
    quotient("edge / express as the edge", "edge", "express", 0.4),
  ];
}

function firstEvent(id: RowId, at: "p50" | "p95", most: number): Promised {
  return {
    name: `first event later, ${id}, ${at.toUpperCase()}`,
    of: [id, "direct"],
    value: (row) => row(id).stream.first[at] - row("direct").stream.first[at],
    most,
    unit: "ms",
  };
}

function cpu(row: Summary, kind: Kind, process = "gateway"): number {
  return row[kind].cpu[process]?.median ?? Number.NaN;
}
