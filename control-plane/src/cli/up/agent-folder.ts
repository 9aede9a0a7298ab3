// Reads from an agent's folder how it is started.

import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";

/** How the agent of a folder is started. */
export interface AgentFolder {
  /** The agent's name: the package's, without its scope. */
  readonly name: string;
  readonly folder: string;
  /** What Node is given: the program, with a loader before it where it is TypeScript. */
  readonly args: readonly string[];
}

export type AgentFolderResult =
  | { readonly ok: true; readonly agent: AgentFolder }
  | { readonly ok: false; readonly problem: string };

/** Reads the `package.json` of an agent's folder; its `main` is the agent's program. */
export function readAgentFolder(folder: string): AgentFolderResult {
  const fields = readPackage(join(folder, "package.json"));
  if (fields === undefined) {
    return refuse(
      `The agent folder ${folder} has no package.json that can be read: correct SMARTCALL_AGENTS.`,
    );
  }
  const main = fields.get("main");
  if (typeof main !== "string") {
    return refuse(`${join(folder, "package.json")} has no "main": name the agent's program there.`);
  }
  if (!existsSync(join(folder, main))) {
    return refuse(`The agent's program ${join(folder, main)} is not there: run \`make build\`.`);
  }
  const name = fields.get("name");
  const words = typeof name === "string" ? name : basename(folder);
  const loader = main.endsWith(".ts") ? ["--import", "tsx"] : [];
  return { ok: true, agent: { name: basename(words), folder, args: [...loader, main] } };
}

function readPackage(file: string): ReadonlyMap<string, unknown> | undefined {
  try {
    const content: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof content === "object" && content !== null
      ? new Map<string, unknown>(Object.entries(content))
      : undefined;
  } catch {
    return undefined;
  }
}

function refuse(problem: string): AgentFolderResult {
  return { ok: false, problem };
}
