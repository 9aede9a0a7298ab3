// Reads from an agent's folder how it is started.

import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { buildRemedy, readObject, textIn } from "@smartcall/runtime";

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
  const fields = readObject(join(folder, "package.json"));
  if (fields === undefined) {
    return refuse(
      `The agent folder ${folder} has no package.json that can be read: correct SMARTCALL_AGENTS.`,
    );
  }
  const main = textIn(fields, "main");
  if (main === undefined) {
    return refuse(`${join(folder, "package.json")} has no "main": name the agent's program there.`);
  }
  if (!existsSync(join(folder, main))) {
    return refuse(`The agent's program ${join(folder, main)} is not there: ${buildRemedy}.`);
  }
  const name = basename(textIn(fields, "name") ?? folder);
  const loader = main.endsWith(".ts") ? ["--import", "tsx"] : [];
  return { ok: true, agent: { name, folder, args: [...loader, main] } };
}

function refuse(problem: string): AgentFolderResult {
  return { ok: false, problem };
}
