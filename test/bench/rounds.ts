// Measures all rows in turn, round after round, so that what else the machine does is shared fairly.
import { percentile } from "../harness/percentile.ts";
import type { Generator } from "./load.ts";
import type { Kind, Phase, PhaseResult } from "./load-types.ts";
import { cpuSeconds, residentMegabytes } from "./process-cost.ts";
import type { Row, RowId } from "./row-types.ts";
import { type Figure, figure, type KindSummary, type Latency, type Summary } from "./summary.ts";

/** How long, in milliseconds, and how often. */
export interface Pace {
  readonly rounds: number;
  /** As many calls at once as there are connections. */
  readonly unaryMs: number;
  readonly streamMs: number;
  /** Calls and streams together, at the modest rate; none where it is 0. */
  readonly modestMs: number;
}

/** Calls a second of each kind, at which latency is compared: no machine is busy with it. */
export const modestRate: Readonly<Record<Kind, number>> = { unary: 60, stream: 20 };

/** Seconds of the processor that each process used, and what came of it. */
interface Loaded {
  readonly result: PhaseResult;
  readonly cpu: Readonly<Record<string, number>>;
}

interface Measured {
  /** To become warm: only what failed is of interest. */
  readonly warm: Readonly<Record<Kind, PhaseResult[]>>;
  readonly unary: Loaded[];
  readonly stream: Loaded[];
  readonly modest: Readonly<Record<Kind, PhaseResult[]>>;
  readonly megabytes: Record<string, number>;
}

/** Measures; `told` hears of each round as it begins. */
export async function measure(
  rows: readonly Row[],
  generator: Generator,
  pace: Pace,
  told: (round: number) => void,
): Promise<readonly Summary[]> {
  const all = new Map(rows.map((row) => [row, nothing()]));
  for (const [row, { warm }] of all) {
    for (const kind of kinds) {
      const phase = warmUp[countsNode.has(row.id) ? "node" : "envoy"][kind];
      warm[kind].push(await generator.run({ target: row.target, kind, ...phase }));
    }
  }
  for (let round = 0; round < pace.rounds; round++) {
    told(round + 1);
    const first = Math.floor((round * rows.length) / pace.rounds);
    for (const row of [...rows.slice(first), ...rows.slice(0, first)]) {
      const measured = all.get(row);
      if (measured !== undefined) await measureRow(row, generator, pace, measured);
    }
  }
  return [...all].map(([row, measured]) => summaryOf(row, measured));
}

const kinds = ["unary", "stream"] as const;

/**
 * Those in which a program of Node is looked at. It compiles its code bit by bit over thousands of
 * calls, and what it costs falls until then.
 */
const countsNode: ReadonlySet<RowId> = new Set([
  "direct",
  "direct-bare",
  "edge-budget",
  "express-bare",
  "express",
]);

/** By so many calls a row becomes warm; on a busy machine, by those of so many milliseconds. */
const warmUp: Readonly<
  Record<"node" | "envoy", Record<Kind, Pick<Phase, "most" | "milliseconds">>>
> = {
  node: {
    unary: { most: 12_000, milliseconds: 5_000 },
    stream: { most: 2_500, milliseconds: 4_000 },
  },
  envoy: {
    unary: { most: 1_000, milliseconds: 1_000 },
    stream: { most: 200, milliseconds: 1_000 },
  },
};

function nothing(): Measured {
  return {
    warm: { unary: [], stream: [] },
    unary: [],
    stream: [],
    modest: { unary: [], stream: [] },
    megabytes: {},
  };
}

async function measureRow(
  { target, processes }: Row,
  generator: Generator,
  pace: Pace,
  measured: Measured,
): Promise<void> {
  const used = (): Record<string, number> =>
    Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, cpuSeconds(pid)]));
  for (const kind of kinds) {
    const before = used();
    const milliseconds = kind === "unary" ? pace.unaryMs : pace.streamMs;
    const result = await generator.run({ target, kind, milliseconds });
    const cpu = Object.entries(used()).map(([name, after]) => [name, after - (before[name] ?? 0)]);
    measured[kind].push({ result, cpu: Object.fromEntries(cpu) });
  }
  const modest = (pace.modestMs > 0 ? kinds : []).map(async (kind) => {
    const phase = { target, kind, milliseconds: pace.modestMs, perSecond: modestRate[kind] };
    measured.modest[kind].push(await generator.run(phase));
  });
  await Promise.all(modest);
  for (const [name, pid] of Object.entries(processes)) {
    measured.megabytes[name] = Math.max(measured.megabytes[name] ?? 0, residentMegabytes(pid));
  }
}

function summaryOf({ id, name, processes }: Row, measured: Measured): Summary {
  const { megabytes, modest, stream } = measured;
  const names = Object.keys(processes);
  return {
    id,
    name,
    unary: kindSummary(names, measured, "unary"),
    stream: {
      ...kindSummary(names, measured, "stream"),
      cpuOfEvents: cpuFor(names, stream, ({ events }) => events),
      first: latency(modest.stream.map(({ first }) => first)),
    },
    megabytes,
  };
}

function kindSummary(names: readonly string[], measured: Measured, kind: Kind): KindSummary {
  const loaded = measured[kind];
  const modest = measured.modest[kind];
  const results = [...measured.warm[kind], ...loaded.map(({ result }) => result), ...modest];
  const problem = results.find((result) => result.problem !== undefined)?.problem;
  return {
    perSecond: figure(loaded.map(({ result }) => result.calls / result.seconds)),
    ...latency(loaded.map(({ result }) => result.whole)),
    failures: results.reduce((sum, { failures }) => sum + failures, 0),
    ...(problem !== undefined && { problem }),
    cpu: cpuFor(names, loaded, ({ calls }) => calls),
    modest: latency(modest.map(({ whole }) => whole)),
  };
}

/** @param rounds milliseconds of all calls of each */
function latency(rounds: readonly (readonly number[])[]): Latency {
  const at = (share: number): Figure => figure(rounds.map((times) => percentile(times, share)));
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}

function cpuFor(
  names: readonly string[],
  loaded: readonly Loaded[],
  count: (result: PhaseResult) => number,
): Readonly<Record<string, Figure>> {
  const of = (name: string): Figure =>
    figure(loaded.map(({ cpu, result }) => ((cpu[name] ?? 0) * 1000) / count(result)));
  return Object.fromEntries(names.map((name) => [name, of(name)]));
}
