// What a new agent needs, and where it is had from: no registry has our packages.

import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { readObject, textIn } from "@smartcall/runtime";

/** The library every agent is built on. */
export const kit = "@smartcall/agent-kit";

/** What a new agent's `package.json` asks for, and whether it is there already. */
export interface Requirements {
  /** The kit: where it is, from the agent's folder; its version where it is nowhere to be found. */
  readonly kit: string;
  readonly tsx: string;
  /** Whether `npm install` has to come before the first start. */
  readonly mustInstall: boolean;
}

/** The runner of TypeScript that agents are started with while they are written. */
const tsx = "4.23.15";

/** Looks for what is there as a program in the agent's folder would, then as this one does. */
export function requirementsIn(folder: string): Requirements {
  const there = join(folder, "package.json");
  const own = fileURLToPath(import.meta.url);
  const found = folderOf(kit, there);
  const place = found ?? folderOf(kit, own);
  return {
    kit: place === undefined ? ownVersion() : `file:${relative(folder, place)}`,
    tsx,
    mustInstall: found === undefined || folderOf("tsx", there) === undefined,
  };
}

/** The package's folder, as a program at `from` finds it; undefined where it does not. */
function folderOf(name: string, from: string): string | undefined {
  try {
    const main = createRequire(from).resolve(name);
    return dirname(dirname(main));
  } catch {
    return undefined;
  }
}

/** The kit has the version of this package. */
function ownVersion(): string {
  const file = fileURLToPath(new URL("../../../package.json", import.meta.url));
  return textIn(readObject(file), "version") ?? "*";
}
