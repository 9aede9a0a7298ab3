// The tables of the bench.
import type { Bench } from "./bench-of.ts";
import type { Table } from "./report.ts";
import type { Figure, Figures, Summary } from "./summary.ts";

/** What there is to show; without the agent itself nothing is said of added times. */
export function tablesOf(bench: Bench): readonly Table[] {
  const { added } = bench;
  return [
    ...[calls(bench), streams(bench)],
    ...(added.length > 0 ? [addedTimes(bench)] : []),
    ...(bench.ratios.length > 0 ? [toReach(bench)] : []),
  ];
}

function calls({ began, ended, rounds, rows }: Bench): Table {
  return {
    title: `calls answered once, median of ${rounds} rounds (least–most); ${began}, then ${ended}`,
    rows: [
      ["", "calls/s", "P50 ms", "P95 ms", "P99 ms", "failed", "CPU s per 1,000 calls", "MB"],
      ...rows.map(({ name, unary, megabytes }) => [
        name,
        ...answered(unary),
        costs(unary.cpu, 3),
        Object.values(megabytes)
          .map((each) => each.toFixed(0))
          .join(" + "),
      ]),
    ],
  };
}

function streams({ rows }: Bench): Table {
  return {
    title: "streams of 21 events, a millisecond apart",
    rows: [
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
        ...answered(stream),
        costs(stream.cpu, 2),
        costs(stream.cpuOfEvents, 3, false),
      ]),
    ],
  };
}

/** How many a second, how long each took, how many failed. */
function answered({ failures, p50, p95, p99, perSecond }: Summary["unary"]): readonly string[] {
  const times = [shown(p50, 1), spread(p95, 1), shown(p99, 1)];
  return [spread(perSecond, 0), ...times, `${failures}`];
}

function addedTimes({ added, modestRate: { stream, unary } }: Bench): Table {
  return {
    title: `added to the agent itself, at ${unary} calls and ${stream} streams a second, ms`,
    rows: [
      ["", "call P50", "call P95", "call P99", "first event P50", "first event P95"],
      ...added.map(({ name, call, firstEvent }) => [
        name,
        ...[call.p50, call.p95, call.p99].map((each) => spread(each, 2)),
        ...[firstEvent.p50, firstEvent.p95].map((each) => spread(each, 2)),
      ]),
    ],
  };
}

function toReach({ ratios, rounds }: Bench): Table {
  return {
    title: `to reach, median of ${rounds} rounds (least–most)`,
    rows: [
      ["", "is", "at most", ""],
      ...ratios.map(({ name, value, least, greatest, most, unit, met }) => [
        name,
        `${value.toFixed(2)} (${least.toFixed(2)}–${greatest.toFixed(2)}) ${unit}`,
        `${most} ${unit}`,
        met ? "met" : "missed",
      ]),
    ],
  };
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
