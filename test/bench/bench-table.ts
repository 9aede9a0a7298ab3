// The table of the bench, and the same as one object.
import { type Ratio, ratios } from "./ratios.ts";
import { printTable } from "./report.ts";
import { modestRate } from "./rounds.ts";
import type { Figure, Figures, Summary } from "./summary.ts";

/** All that a run found out; what `build/bench.json` holds. */
export interface Bench {
  readonly machine: string;
  /** How busy it was. */
  readonly began: string;
  readonly ended: string;
  readonly rounds: number;
  readonly rows: readonly Summary[];
  readonly ratios: readonly Ratio[];
  readonly notMeasured: readonly string[];
}

const notMeasured = [
  "our edge over plain HTTP: it has no such door",
  "a network: all runs on this machine, the load generator too, which takes its share of the processors",
  "new TLS connections: each row has its own 32 open before it is measured",
  "models: the agent says again what it is told",
  "several gateways, zones, retries",
];

/** Puts it together. */
export function benchOf(
  rows: readonly Summary[],
  run: Pick<Bench, "machine" | "began" | "ended" | "rounds">,
): Bench {
  return { ...run, rows, ratios: ratios(rows), notMeasured };
}

/** Prints it. */
export function printBench({ rows, began, ended, rounds, ...bench }: Bench): void {
  const direct = rows.find(({ id }) => id === "direct");
  const added = (value: number, than: number | undefined): string =>
    (value - (than ?? 0)).toFixed(1);
  printTable(
    `calls answered once, median of ${rounds} rounds (least–most); ${began}, then ${ended}`,
    [
      ["", "calls/s", "P50 ms", "P95 ms", "P99 ms", "failed", "CPU s per 1,000 calls", "MB"],
      ...rows.map(({ name, unary, megabytes }) => [
        name,
        spread(unary.perSecond, 0),
        shown(unary.p50, 1),
        shown(unary.p95, 1),
        shown(unary.p99, 1),
        `${unary.failures}`,
        costs(unary.cpu, 3),
        Object.values(megabytes)
          .map((each) => each.toFixed(0))
          .join(" + "),
      ]),
    ],
  );
  printTable("streams of 21 events, a millisecond apart", [
    [
      "",
      "streams/s",
      "P50 ms",
      "P95 ms",
      "P99 ms",
      "failed",
      "CPU s per 1,000 streams",
      "per 1,000 events",
    ],
    ...rows.map(({ name, stream }) => [
      name,
      spread(stream.perSecond, 0),
      shown(stream.p50, 1),
      shown(stream.p95, 1),
      shown(stream.p99, 1),
      `${stream.failures}`,
      costs(stream.cpu, 2),
      costs(stream.cpuOfEvents, 3, false),
    ]),
  ]);
  printTable(
    `added to the agent itself, at ${modestRate.unary} calls and ${modestRate.stream} streams a second, ms`,
    [
      ["", "call P50", "call P95", "first event P50", "first event P95"],
      ...rows.map(({ name, unary, stream }) => [
        name,
        added(unary.modest.p50, direct?.unary.modest.p50),
        added(unary.modest.p95, direct?.unary.modest.p95),
        added(stream.first.p50, direct?.stream.first.p50),
        added(stream.first.p95, direct?.stream.first.p95),
      ]),
    ],
  );
  printTable("to reach, by medians of this run", [
    ["", "is", "at most", ""],
    ...bench.ratios.map(({ name, value, most, unit, met }) => [
      name,
      `${value.toFixed(2)} ${unit}`,
      `${most} ${unit}`,
      met ? "met" : "missed",
    ]),
  ]);
  console.log("\nnot measured:");
  for (const each of bench.notMeasured) console.log(`  - ${each}`);
}

function shown({ median }: Figure, digits: number): string {
  return median.toFixed(digits);
}

function spread(value: Figure, digits: number): string {
  const { least, most } = value;
  return `${shown(value, digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`;
}

/** Of each process, the gateway first; with its spread where there is room. */
function costs(cpu: Figures, digits: number, withSpread = true): string {
  return Object.entries(cpu)
    .map(([name, each]) => {
      const text = withSpread && name !== "agent" ? spread(each, digits) : shown(each, digits);
      return `${name} ${text}`;
    })
    .join(" ");
}
