// `make ci`: lint, types, drift, audit, tests, load and cost, one after another, and one closing line.
import { fileURLToPath } from "node:url";
import { inCi } from "../load/in-ci.ts";
import { audit } from "./audit.ts";
import { command } from "./command.ts";
import { type Counts, closingLine, failureLines, forget, record, recorded, sum } from "./counts.ts";

const node = process.execPath;
const here = (file: string): string => fileURLToPath(new URL(file, import.meta.url));
const bin = (path: string): string => `node_modules/${path}`;
const ruff = ".venv/bin/ruff";
const mypyConfig = "--config-file=sdk/python/pyproject.toml";
const mypy = ["-m", "mypy", mypyConfig, "sdk/python/src", "sdk/python/tests"];

const one = { passed: 1, failed: 0 };
const none = { passed: 0, failed: 1 };
const nothing = { passed: 0, failed: 0 };

const steps: Readonly<Record<string, () => Promise<Counts>>> = {
  "formatting and style": () => check(bin(".bin/biome"), ["ci", "--error-on-warnings"]),
  "types of everything": () => check(bin(".bin/tsc"), ["-b"]),
  "types of the load tests": () => check(bin(".bin/tsc"), ["-p", "loadtest"]),
  "style of the Python SDK": () => check(ruff, ["check", "--quiet", "sdk/python"]),
  "formatting of the Python SDK": () => check(ruff, ["format", "--check", "sdk/python"]),
  "types of the Python SDK": () => check(".venv/bin/python", mypy),
  "generated contract": () => check(node, ["protos/dist/generate.js", "--check"]),
  "known holes in dependencies": holes,
  tests,
  ...Object.fromEntries(
    Object.entries(inCi).map(([scenario, step]) => [
      step,
      () => check(node, [here("../load/load.js"), scenario]),
    ]),
  ),
  "cost of a call beside others": () => check(node, [here("../bench/short.js")]),
};

const all: (readonly [string, Counts, number])[] = [];
for (const [name, step] of Object.entries(steps)) {
  console.log(`\n── ${name}`);
  const begin = performance.now();
  const counts = await step();
  all.push([name, counts, (performance.now() - begin) / 1000]);
}
console.log("");
for (const [name, counts, seconds] of all) {
  const mark = counts.failed === 0 ? "✓" : "✗";
  console.log(`${mark} ${name.padEnd(30)} ${closingLine(counts)} (${seconds.toFixed(1)} s)`);
}
const total = sum(all.map(([, counts]) => counts));
record("ci", total);
process.stdout.write(failureLines(total));
console.log(closingLine(total));
process.exitCode = total.failed === 0 ? 0 : 1;

async function check(name: string, args: readonly string[]): Promise<Counts> {
  return (await command(name, args)) === 0 ? one : none;
}

async function tests(): Promise<Counts> {
  forget("test");
  await command(node, [here("test.js")]);
  return recorded("test");
}

async function holes(): Promise<Counts> {
  const result = await audit();
  switch (result.kind) {
    case "clean":
      return one;
    case "holes":
      for (const line of result.packages) console.error(line);
      return none;
    case "no answer":
      console.log(`Not checked: this registry answers no audits (${result.why}).`);
      return nothing;
  }
}
