// `make bench`: prints what a call costs here beside what others cost, and writes it to build/bench.json.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../checks/repository.ts";
import { leaveNothing } from "../harness/leave-nothing.ts";
import { agentRow } from "./agent-row.ts";
import { readBenchArguments } from "./bench-arguments.ts";
import { type Bench, benchOf } from "./bench-of.ts";
import { tablesOf } from "./bench-table.ts";
import { deniedRow } from "./denied-row.ts";
import { startGenerator } from "./load.ts";
import { setting, settingLine } from "./measured-with.ts";
import { quotaRow } from "./quota-row.ts";
import { load, markdownOf, printTable } from "./report.ts";
import { measure, type Pace } from "./rounds.ts";
import { routesRow } from "./routes-row.ts";
import type { RowId } from "./row-types.ts";
import { startRows } from "./rows.ts";

/** Together with what has to start, under five minutes. */
const pace: Pace = { rounds: 3, unaryMs: 1_500, streamMs: 1_500, modestMs: 2_500 };

/** Of one part of the mesh each, by name only. */
const parts: Readonly<Record<string, () => Promise<void>>> = {
  agent: agentRow,
  routes: routesRow,
  quota: quotaRow,
  revocations: deniedRow,
};

leaveNothing();
const asked = readBenchArguments(process.argv.slice(2), Object.keys(parts), pace.rounds);
if (!asked.ok) {
  console.error(asked.problem);
  process.exitCode = 2;
} else if (asked.value.kind === "help") {
  console.log(asked.value.usage);
} else if (asked.value.kind === "compare") {
  const bench = await compare(asked.value.rows, asked.value.rounds);
  show(bench);
  if (bench.failures.length > 0) process.exitCode = 1;
} else {
  console.log(settingLine(await setting()));
  for (const name of asked.value.parts) {
    console.log(`\n── ${name} (${load()})`);
    await parts[name]?.();
  }
}

async function compare(wanted: readonly RowId[], rounds: number): Promise<Bench> {
  const here = await setting();
  console.log(settingLine(here));
  const began = load();
  const { rows, stop } = await startRows(wanted);
  const generator = startGenerator();
  try {
    const told = (round: number) => console.log(`round ${round} of ${rounds} (${load()}) …`);
    const summaries = await measure(rows, generator, { ...pace, rounds }, told);
    return benchOf(summaries, { ...here, began, ended: load(), rounds });
  } finally {
    generator.stop();
    await stop();
  }
}

/** What calls failed comes last, where it is seen. */
function show(bench: Bench): void {
  const tables = tablesOf(bench);
  for (const { title, rows } of tables) printTable(title, rows);
  console.log("\nnot measured:");
  for (const each of bench.notMeasured) console.log(`  - ${each}`);
  const folder = join(root, "build");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "bench.json"), `${JSON.stringify(bench, undefined, 2)}\n`);
  const page = [settingLine(bench), "", ...tables.map(markdownOf)].join("\n");
  writeFileSync(join(folder, "bench.md"), page);
  console.log("\nThe same as JSON: build/bench.json; as Markdown: build/bench.md");
  for (const each of bench.failures) console.error(`✗ ${each}`);
}
