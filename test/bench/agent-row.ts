// The row of `make bench` about the agent kit: what it costs beside the same agent by hand.
import { startGenerator } from "./load.ts";
import type { Kind } from "./load-types.ts";
import { cpuSeconds } from "./process-cost.ts";
import { printTable } from "./report.ts";
import { startProgram } from "./row-parts.ts";
import { figure } from "./summary.ts";

/** Calls of each kind: first to become warm, then in each round. */
const calls = {
  unary: { warm: 4_000, round: 2_000 },
  stream: { warm: 600, round: 300 },
} as const;
const rounds = 7;
/** A round ends by its calls. */
const longestMs = 60_000;

/** CPU seconds per 1,000, of each round. */
interface Costs {
  readonly unary: number[];
  readonly stream: number[];
}

/** Both agents in turn, by gRPC and with nothing in between. */
export async function agentRow(): Promise<void> {
  const stops: (() => unknown)[] = [];
  const onStop = (stop: () => unknown): void => void stops.push(stop);
  const generator = startGenerator();
  onStop(() => generator.stop());
  try {
    const agents = [
      { name: "on the kit", ...(await startProgram("words-agent", ["alone"], {}, onStop)) },
      { name: "on bare grpc-js", ...(await startProgram("bare-agent", [], {}, onStop)) },
    ];
    const rows = agents.map((agent) => ({
      ...agent,
      cpu: nothing(),
    }));
    const run = async ({ port, pid }: (typeof rows)[number], kind: Kind, most: number) => {
      const target = {
        protocol: "grpc",
        origin: `http://127.0.0.1:${port}`,
        agent: "words",
      } as const;
      const before = cpuSeconds(pid);
      const done = await generator.run({ target, kind, milliseconds: longestMs, most });
      if (done.problem !== undefined) console.error(`a call failed: ${done.problem}`);
      return ((cpuSeconds(pid) - before) * 1000) / done.calls;
    };
    const kinds = ["unary", "stream"] as const;
    for (const row of rows) for (const kind of kinds) await run(row, kind, calls[kind].warm);
    for (let round = 0; round < rounds; round++) {
      for (const row of round % 2 === 0 ? rows : [...rows].reverse()) {
        for (const kind of kinds) row.cpu[kind].push(await run(row, kind, calls[kind].round));
      }
    }
    const shown = (values: readonly number[]): string => {
      const { least, median, most } = figure(values);
      return `${median.toFixed(3)} (${least.toFixed(3)}–${most.toFixed(3)})`;
    };
    const [kit, bare] = rows;
    const ratio = (kind: Kind): string => {
      const of = (row: typeof kit): number => figure(row?.cpu[kind] ?? []).median;
      return `${(of(kit) / of(bare)).toFixed(2)} ×`;
    };
    printTable(`CPU s per 1,000, median of ${rounds} rounds (least–most)`, [
      ["", "calls", "streams of 21 events"],
      ...rows.map(({ name, cpu }) => [name, shown(cpu.unary), shown(cpu.stream)]),
      ["ratio, at most 1.15 ×", ratio("unary"), ratio("stream")],
    ]);
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

function nothing(): Costs {
  return { unary: [], stream: [] };
}
