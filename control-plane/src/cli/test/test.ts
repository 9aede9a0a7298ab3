// Runs the test cases of a mesh with a real Envoy, and tells how they went.

import { stat } from "node:fs/promises";
import { join } from "node:path";
import { type MeshConfig, readCases, type TestCase } from "../../config/index.ts";
import { routesOf } from "../../model/build-routes.ts";
import { type CommandEnd, done, ended } from "../exit-codes.ts";
import { fromHere } from "../from-here.ts";
import { readConfig } from "../read-config.ts";
import { stoppable } from "../stoppable.ts";
import { terminal } from "../up/terminal.ts";
import { withGateway } from "./gateway.ts";
import { jsonLine, printResults, summary } from "./print-results.ts";
import { type CaseResult, runCases } from "./run-cases.ts";

/** What to test, and how to show it. */
export interface TestOrder {
  /** A file or a folder. */
  readonly meshFile: string;
  /** The file or folder of its cases, where it is not beside the mesh. */
  readonly cases?: string;
  /** The Envoy binary. */
  readonly envoy: string;
  readonly json?: boolean;
}

/** Runs every case. Ctrl-C ends it, and nothing is left of it. */
export async function test(order: TestOrder): Promise<CommandEnd> {
  const startedAt = performance.now();
  const loaded = await load(order);
  if (!loaded.ok) return ended("failed", ...loaded.problems);
  return await stoppable(async (signal) => {
    const { config, cases } = loaded;
    const ran = await withGateway(config, order.envoy, signal, async (started) =>
      started.ok
        ? { ok: true as const, results: await runCases(cases, started.gateway, signal) }
        : started,
    );
    if (signal.aborted) return ended("interrupted", "Stopped. Nothing is left running.");
    if (!ran.ok) {
      const at = ran.at === undefined ? "" : ` (${ran.at.file}:${ran.at.line})`;
      return ended("failed", `${ran.problem}${at}`);
    }
    return tell(ran.results, order, performance.now() - startedAt);
  });
}

function tell(results: readonly CaseResult[], { json }: TestOrder, tookMs: number): CommandEnd {
  const failed = results.filter(({ wrong }) => wrong !== undefined).length;
  const end = failed === 0 ? done : ended("failed");
  if (json === true) {
    for (const result of results) process.stdout.write(`${jsonLine(result)}\n`);
    return end;
  }
  const screen = terminal(process.stdout, process.env);
  printResults(results, screen);
  screen.say(`\n${summary(results)} ${screen.dim(`(${(tookMs / 1000).toFixed(1)} s)`)}`);
  return end;
}

type Loaded =
  | { readonly ok: true; readonly config: MeshConfig; readonly cases: readonly TestCase[] }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Reads the mesh and its cases; a certificate that the mesh names need not be there. */
async function load({ meshFile, cases }: TestOrder): Promise<Loaded> {
  const colour = process.stderr.isTTY;
  const read = await readConfig(meshFile);
  if (!read.ok) return read;
  const { config } = read;
  const known = {
    agents: new Set(config.agents.keys()),
    routes: new Set(routesOf(config).map(({ name }) => name)),
  };
  const found = await readCases(cases ?? (await casesOf(fromHere(meshFile))), known);
  if (found.ok) return { ok: true, config, cases: found.cases };
  return { ok: false, problems: found.diagnostics.map((each) => found.show(each, colour)) };
}

/** `mesh.test.yaml` beside `mesh.yaml`; of a folder, its own files of cases. */
async function casesOf(meshFile: string): Promise<string> {
  const isFolder = (await stat(meshFile).catch(() => undefined))?.isDirectory() === true;
  if (isFolder) return meshFile;
  return /\.ya?ml$/.test(meshFile)
    ? meshFile.replace(/(?=\.ya?ml$)/, ".test")
    : join(`${meshFile}.test.yaml`);
}
