// The short bench of the CI: measures a few rows, and fails where a ratio is worse than the kept one.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../checks/repository.ts";
import { worseThanKept } from "./kept-ratios.ts";
import { startGenerator } from "./load.ts";
import { type Ratio, ratios } from "./ratios.ts";
import { load, machine } from "./report.ts";
import { measure, type Pace } from "./rounds.ts";
import { startRows } from "./rows.ts";

/** Half a minute with all starts, and as much again where it is repeated. */
const pace: Pace = { rounds: 5, unaryMs: 400, streamMs: 400, modestMs: 0 };
const rows = ["direct", "direct-bare", "transcoder-tls", "edge"] as const;

const file = "test/bench/kept-ratios.json";
const keep = process.argv.includes("--keep");

console.log(machine());
const found = await run();
if (keep) {
  const kept = Object.fromEntries(found.map(({ name, value }) => [name, Number(value.toFixed(2))]));
  writeFileSync(join(root, file), `${JSON.stringify(kept, undefined, 2)}\n`);
} else {
  const kept: unknown = JSON.parse(readFileSync(join(root, file), "utf8"));
  let worse = worseThanKept(found, kept);
  if (worse.length > 0) {
    console.log("Worse than what was kept; once more:");
    const again = worseThanKept(await run(), kept);
    worse = again.filter(({ name }) => worse.some((each) => each.name === name));
  }
  for (const { name, why } of worse) console.error(`✗ ${name}: ${why}`);
  if (worse.length > 0) {
    console.error("Find what costs more; where it is meant, `make keep-ratios` keeps the ratios.");
    process.exitCode = 1;
  }
}

async function run(): Promise<readonly Ratio[]> {
  const { rows: started, stop } = await startRows(rows);
  const generator = startGenerator();
  try {
    const summaries = await measure(started, generator, pace, () => undefined);
    const of = ratios(summaries).filter(({ unit }) => unit === "×");
    for (const { name, value } of of) console.log(`  ${name.padEnd(44)} ${value.toFixed(2)} ×`);
    console.log(`  (${load()})`);
    return of;
  } finally {
    generator.stop();
    await stop();
  }
}
