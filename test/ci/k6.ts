// Finds k6 and runs a scenario of `loadtest/` at a mesh.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { root } from "../checks/repository.ts";
import type { Mesh } from "../harness/mesh.ts";

/** Where k6 is: `K6_BIN`, then PATH, then `.venv`; undefined where it is nowhere. */
export function findK6(env: NodeJS.ProcessEnv): string | undefined {
  const { K6_BIN: named, PATH: path = "" } = env;
  if (named !== undefined && named !== "") return named;
  const folders = [...path.split(delimiter), join(root, ".venv", "bin")];
  return folders.map((folder) => join(folder, "k6")).find((file) => existsSync(file));
}

/** Runs a scenario and gives k6's exit code: 0 where every threshold was met. */
export function runScenario(
  k6: string,
  scenario: string,
  mesh: Mesh,
  token: string,
): Promise<number> {
  // `--address ""`: k6 serves no control page of its own, whose port others may have.
  const args = ["run", "--no-color", "--quiet", "--no-usage-report", "--address", ""];
  const child = spawn(k6, [...args, join(root, "loadtest", scenario)], {
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      SSL_CERT_FILE: mesh.caFile,
      SSL_CERT_DIR: mesh.stateFolder,
      SMARTCALL_URL: mesh.url,
      SMARTCALL_TOKEN: token,
    },
  });
  return new Promise((resolve) => {
    child.once("error", (error) => {
      console.error(`k6 could not be run: ${error.message}`);
      resolve(1);
    });
    child.once("close", (code) => resolve(code ?? 1));
  });
}
