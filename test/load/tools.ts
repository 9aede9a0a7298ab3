// What a scenario needs beside this repository, and which versions of it there are.
import { execFileSync } from "node:child_process";
import { findEnvoy } from "@smartcall/envoy";
import { root } from "../checks/repository.ts";
import { findK6 } from "./k6.ts";
import type { Scenario } from "./scenario.ts";

/** Their versions, such as "Envoy 1.40.0, k6 1.1.0"; or what is missing, with the remedy. */
export type Tools =
  | { readonly ok: true; readonly versions: string }
  | { readonly ok: false; readonly problem: string };

/** Looks for them, before anything is started. */
export async function toolsOf(
  { usesK6 = false }: Pick<Scenario, "usesK6">,
  env: NodeJS.ProcessEnv,
): Promise<Tools> {
  const { ENVOY_BIN: envoyBin, PATH: path } = env;
  const envoy = await findEnvoy({ envoyBin, path, root });
  if (!envoy.ok) return envoy;
  const versions = `Envoy ${envoy.binary.version}`;
  if (!usesK6) return { ok: true, versions };
  const k6 = k6Version(env);
  return k6.ok ? { ok: true, versions: `${versions}, k6 ${k6.versions}` } : k6;
}

function k6Version(env: NodeJS.ProcessEnv): Tools {
  const remedy = 'run "make dev-tools", put k6 on PATH, or set K6_BIN to it';
  const file = findK6(env);
  if (file === undefined) return { ok: false, problem: `k6 is missing: ${remedy}.` };
  const whose = env["K6_BIN"] === file ? `K6_BIN is ${file}, which` : file;
  try {
    const said = execFileSync(file, ["version"], { encoding: "utf8", timeout: 10_000 });
    const version = /^k6\S* v?(\d+\.\d+\.\d+)/.exec(said)?.[1];
    if (version !== undefined) return { ok: true, versions: version };
    return { ok: false, problem: `${whose} does not say that it is k6: ${remedy}.` };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, problem: `${whose} does not run as k6 (${why}): ${remedy}.` };
  }
}
