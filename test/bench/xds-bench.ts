// `make bench-xds`: what a thousand gateways with a thousand clusters cost the control plane.
import { parseArgs } from "node:util";
import { cpuSeconds, peakMegabytes, residentMegabytes } from "./process-cost.ts";
import { load, machine, printTable } from "./report.ts";
import { type BenchedControlPlane, editName, startControlPlane } from "./xds-control-plane.ts";
import { type Fleet, fleetWithin, startFleet } from "./xds-fleet.ts";
import { moment } from "./xds-worker.ts";

const { values } = parseArgs({
  options: {
    nodes: { type: "string", default: "1000" },
    clusters: { type: "string", default: "1000" },
    processes: { type: "string", default: "2" },
    changes: { type: "string", default: "20" },
    cycles: { type: "string", default: "1000" },
  },
});
const nodes = Number(values.nodes);
const clusters = Number(values.clusters);
const changes = Number(values.changes);
const cycles = Number(values.cycles);

console.log(`${machine()}, ${load()}`);
console.log(`${nodes} nodes in ${values.processes} processes of their own, ${clusters} clusters`);
const processes = Number(values.processes);
const apart = processes > 0 ? startFleet(nodes, processes) : undefined;
const begin = moment();
const controlPlane = await startControlPlane(clusters);
const fleet = apart ?? fleetWithin(nodes, controlPlane.process);
try {
  await measure(controlPlane, fleet);
} finally {
  await fleet.stop();
  await controlPlane.stop();
}

async function measure(plane: BenchedControlPlane, fleet: Fleet): Promise<void> {
  const { pid, port } = plane;
  await plane.listening();
  const ready = moment() - begin;
  const joinToken = await plane.joinToken();
  const served = Math.max(...(await fleet.open(port, joinToken))) - begin;
  const rows = [
    ["", "figure", "promise"],
    ["from the start of its process until it listens", seconds(ready), ""],
    ["until every node holds everything", seconds(served), "15 s"],
    ["processor time until then", `${cpuSeconds(pid).toFixed(1)} s`, ""],
    ["processor time of the nodes until then", `${nodesCpu(fleet).toFixed(1)} s`, ""],
    ["memory then", megabytes(residentMegabytes(pid)), ""],
    ["most memory until then", megabytes(peakMegabytes(pid)), "512 MB"],
  ];
  printTable("A cold start", rows);

  const instance = await plane.attach();
  let serving = true;
  const turn = (): void => {
    serving = !serving;
    instance.health(serving);
  };
  const endpointTimes: number[] = [];
  const cpuBefore = cpuSeconds(pid);
  for (let change = 0; change < changes; change++) {
    await pause();
    endpointTimes.push(
      ...(await timed(fleet.watch({ type: "endpoint", name: "echo" }), () => turn())),
    );
  }
  const endpointCpu = (cpuSeconds(pid) - cpuBefore) / changes;
  const routeTimes: number[] = [];
  for (let change = 1; change <= Math.ceil(changes / 4); change++) {
    await pause();
    const edited = fleet.watch({ type: "route", text: editName(change) });
    routeTimes.push(...(await timed(edited, () => plane.editRoute(change))));
  }
  await pause();
  const held = await plane.held();
  printTable("A change, until a node has it", [
    ["", "median", "p99", "longest", "promise"],
    ["an endpoint", ...spread(endpointTimes), "p99 1 s"],
    ["a route", ...spread(routeTimes), "2 s"],
  ]);
  console.log(`  processor time of an endpoint's change: ${seconds(endpointCpu * 1000)}`);
  printTable("Memory", [
    ["", "figure", "promise"],
    ["at present", megabytes(residentMegabytes(pid)), ""],
    ["at most", megabytes(peakMegabytes(pid)), "512 MB"],
    ["of it in the heap, without garbage", megabytes(held.heapMegabytes), ""],
    ["in buffers", megabytes(held.bufferMegabytes), ""],
  ]);

  const stalled = Math.min(50, Math.floor(nodes / 4));
  const without = await plane.held();
  await fleet.stall(stalled, port, joinToken);
  await pause();
  for (let change = 0; change < changes; change++) {
    await timed(fleet.watch({ type: "endpoint", name: "echo" }), () => turn());
  }
  const first = await plane.held();
  for (let change = 0; change < 2 * changes; change++) {
    await timed(fleet.watch({ type: "endpoint", name: "echo" }), () => turn());
  }
  const second = await plane.held();
  printTable(
    `${stalled} nodes that read nothing, while ${changes} and ${3 * changes} changes are made`,
    [
      ["", "without them", "after the first", "after all"],
      ["heap", ...[without, first, second].map((each) => megabytes(each.heapMegabytes))],
      ["buffers", ...[without, first, second].map((each) => megabytes(each.bufferMegabytes))],
    ],
  );

  await fleet.cycle(Math.ceil(cycles / 5), port, joinToken);
  const before = await plane.held();
  await fleet.cycle(cycles, port, joinToken);
  const after = await plane.held();
  printTable(`${cycles} nodes that come and go`, [
    ["", "before", "after"],
    ["heap", megabytes(before.heapMegabytes), megabytes(after.heapMegabytes)],
    ["buffers", megabytes(before.bufferMegabytes), megabytes(after.bufferMegabytes)],
    ["open handles", handles(before.open), handles(after.open)],
  ]);
  // An agent goes, which all must lose.
  const fewer = changes + 1;
  await timed(fleet.watch({ type: "route", text: editName(fewer) }), () =>
    plane.editRoute(fewer, clusters - 1),
  );
  await pause();
  const wrong = await fleet.check(port, joinToken);
  instance.end();
  if (wrong.length > 0)
    throw new Error(`${wrong.length} of ${nodes}: ${wrong.slice(0, 5).join("; ")}`);
  console.log(`\n  all ${nodes} nodes hold exactly what one is told that has only just come`);
  console.log(`\n${load()}`);
}

/** From now on until each node was told, in milliseconds. */
async function timed(
  reached: Promise<readonly number[]>,
  change: () => void,
): Promise<readonly number[]> {
  const from = moment();
  change();
  return (await reached).map((at) => at - from);
}

function nodesCpu({ pids }: Fleet): number {
  return pids.reduce((sum, pid) => sum + cpuSeconds(pid), 0);
}

/** Nothing of the change before is under way any more. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 1_000));
}

function spread(times: readonly number[]): readonly string[] {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share: number): number =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
  return [at(0.5), at(0.99), at(1)].map(seconds);
}

function seconds(milliseconds: number): string {
  return milliseconds < 1_000
    ? `${milliseconds.toFixed(0)} ms`
    : `${(milliseconds / 1000).toFixed(2)} s`;
}

function megabytes(value: number): string {
  return `${value.toFixed(0)} MB`;
}

function handles(open: Readonly<Record<string, number>>): string {
  return Object.entries(open)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `${count} ${kind}`)
    .join(", ");
}
