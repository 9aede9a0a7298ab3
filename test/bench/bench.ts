// `make bench`: prints what a call costs here beside what others cost, and writes it to build/bench.json.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { root } from "../checks/repository.ts";
import { agentRow } from "./agent-row.ts";
import { benchOf, printBench } from "./bench-table.ts";
import { deniedRow } from "./denied-row.ts";
import { startGenerator } from "./load.ts";
import { quotaRow } from "./quota-row.ts";
import { load, machine } from "./report.ts";
import { measure, type Pace } from "./rounds.ts";
import { routesRow } from "./routes-row.ts";
import { rowIds } from "./row-types.ts";
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

const { positionals: names, values } = parseArgs({
  allowPositionals: true,
  options: { rounds: { type: "string" }, only: { type: "string" } },
});
const rounds = Number(values.rounds ?? pace.rounds);
const only = values.only?.split(",") ?? rowIds;
const wanted = rowIds.filter((id) => only.includes(id));
const unknown = names.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0 || !(rounds >= 1) || wanted.length < only.length) {
  console.error(
    [
      "Usage: node test/dist/bench/bench.js [PART …] [--rounds=N] [--only=ROW,ROW]",
      `  parts: ${Object.keys(parts).join(", ")}`,
      `  rows: ${rowIds.join(", ")}`,
    ].join("\n"),
  );
  process.exit(2);
}
console.log(machine());
if (names.length === 0) await compare();
for (const name of names) {
  console.log(`\n── ${name} (${load()})`);
  await parts[name]?.();
}

async function compare(): Promise<void> {
  const began = load();
  const { rows, stop } = await startRows(wanted);
  const generator = startGenerator();
  try {
    const told = (round: number) => console.log(`round ${round} of ${rounds} (${load()}) …`);
    const summaries = await measure(rows, generator, { ...pace, rounds }, told);
    const bench = benchOf(summaries, { machine: machine(), began, ended: load(), rounds });
    printBench(bench);
    const folder = join(root, "build");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "bench.json"), `${JSON.stringify(bench, undefined, 2)}\n`);
    console.log("\nThe same as JSON: build/bench.json");
  } finally {
    generator.stop();
    await stop();
  }
}
