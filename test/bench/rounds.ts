// Measures all rows in turn, round after round, so that what else the machine does is shared fairly.
import { percentile } from "../harness/percentile.ts";
import type { Generator } from "./load.ts";
import type { Kind, PhaseResult } from "./load-types.ts";
import { cpuSeconds, residentMegabytes } from "./process-cost.ts";
import type { Row } from "./row-types.ts";
import { type Figure, figure, type KindSummary, type Summary } from "./summary.ts";

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
  for (const row of rows) {
    // Connects, and lets code be compiled that is often run: Node's takes thousands of calls.
    for (const [kind, most] of warmUp) {
      await generator.run({ target: row.target, kind, milliseconds: warmUpMs, most });
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

const warmUp = [
  ["unary", 3_000],
  ["stream", 300],
] as const;
/** On a busy machine a row is measured with fewer calls behind it. */
const warmUpMs = 2_000;

function nothing(): Measured {
  return { unary: [], stream: [], modest: { unary: [], stream: [] }, megabytes: {} };
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
  const { megabytes, modest, stream, unary } = measured;
  const names = Object.keys(processes);
  const first = modest.stream.flatMap((result) => result.first);
  return {
    id,
    name,
    unary: kindSummary(names, unary, modest.unary),
    stream: {
      ...kindSummary(names, stream, modest.stream),
      cpuOfEvents: cpuFor(names, stream, ({ events }) => events),
      first: { p50: percentile(first, 0.5), p95: percentile(first, 0.95) },
    },
    megabytes,
  };
}

function kindSummary(
  names: readonly string[],
  loaded: readonly Loaded[],
  modest: readonly PhaseResult[],
): KindSummary {
  const at = (share: number): Figure =>
    figure(loaded.map(({ result }) => percentile(result.whole, share)));
  const results = [...loaded.map(({ result }) => result), ...modest];
  const slow = modest.flatMap(({ whole }) => whole);
  const problem = results.find((result) => result.problem !== undefined)?.problem;
  if (problem !== undefined) console.error(`a call failed: ${problem}`);
  return {
    perSecond: figure(loaded.map(({ result }) => result.calls / result.seconds)),
    p50: at(0.5),
    p95: at(0.95),
    p99: at(0.99),
    failures: results.reduce((sum, { failures }) => sum + failures, 0),
    cpu: cpuFor(names, loaded, ({ calls }) => calls),
    modest: { p50: percentile(slow, 0.5), p95: percentile(slow, 0.95) },
  };
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
