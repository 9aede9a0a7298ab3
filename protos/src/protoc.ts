// Finds the one protoc whose JavaScript output our runtime can load.

import { execFileSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** The last release line of protoc with the JavaScript generator built in. */
export const protocVersion = "3.20.1";

/** Where the machine is looked at for protoc. */
export interface ProtocPlace {
  /** The repository's root; its `.venv` holds the wheel. */
  readonly root: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly arch: string;
}

/** A protoc that can be run, or a sentence that says what is missing and what to do. */
export type FoundProtoc =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly problem: string };

/** Looks at `PROTOC`, then at the wheel in `.venv`, and checks the version. */
export function findProtoc(place: ProtocPlace): FoundProtoc {
  const { PROTOC: named } = place.env;
  const path = named || protocOfWheel(place.root);
  if (path === undefined) return { ok: false, problem: missing(place.arch) };
  const version = versionOf(path);
  if (version === undefined) {
    return { ok: false, problem: `${path} does not run. Set PROTOC to a protoc ${protocVersion}.` };
  }
  if (version !== protocVersion) {
    const problem = `${path} is protoc ${version}, and the generated code needs ${protocVersion}: set PROTOC to one of that version.`;
    return { ok: false, problem };
  }
  return { ok: true, path };
}

function protocOfWheel(root: string): string | undefined {
  const lib = join(root, ".venv", "lib");
  if (!existsSync(lib)) return undefined;
  return readdirSync(lib)
    .filter((name) => name.startsWith("python3"))
    .map((name) => join(lib, name, "site-packages", "protoc", "data", "bin", "protoc"))
    .find((path) => existsSync(path));
}

function missing(arch: string): string {
  return arch === "x64"
    ? `protoc is not there. Run \`make deps\`, or set PROTOC to a protoc ${protocVersion}.`
    : `protoc ${protocVersion} has no ${arch} build in its Python wheel. The generated code is committed, so it is only needed after a change to a .proto file: generate on x86-64, or set PROTOC to a protoc ${protocVersion}.`;
}

function versionOf(path: string): string | undefined {
  try {
    const printed = execFileSync(path, ["--version"], { encoding: "utf8" });
    return printed.trim().split(" ").at(-1);
  } catch {
    return undefined;
  }
}
