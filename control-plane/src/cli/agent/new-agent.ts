// Writes the folder of a new agent and lists it in the mesh.

import { mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gatewayName } from "../../source/instance.ts";
import { nodeNamePattern } from "../../source/node-name.ts";
import { type CommandEnd, done, ended } from "../exit-codes.ts";
import { listAgent } from "./list-agent.ts";
import { type Requirements, requirementsIn } from "./requirements.ts";
import { agentFiles } from "./templates.ts";

/** Which agent, and where. */
export interface NewAgent {
  readonly name: string;
  readonly meshFile: string;
  /** The folder to write the agent's folder into. */
  readonly cwd: string;
  readonly json: boolean;
}

/** Writes all of it, or nothing. */
export async function newAgent({ name, meshFile, cwd, json }: NewAgent): Promise<CommandEnd> {
  if (!nodeNamePattern.test(name) || name === gatewayName) {
    return ended(
      "failed",
      `"${name}" cannot be an agent's name: use at most 63 lower-case letters, digits and hyphens, with no hyphen first or last, and not "${gatewayName}".`,
    );
  }
  const folder = join(cwd, name);
  const before = await readFile(meshFile, "utf8").catch(() => undefined);
  if (before === undefined) {
    return ended(
      "failed",
      `${meshFile} cannot be read: go to the folder of your mesh, or name the file with --mesh.`,
    );
  }
  const listed = listAgent(before, name);
  if (!listed.ok) {
    return ended("failed", `${meshFile} cannot take the agent ${name}: ${listed.problem}.`);
  }
  const needs = requirementsIn(folder);
  const written = await writeFolder(folder, name, needs);
  if (written !== undefined) return ended("failed", written);
  const problem = await replace(meshFile, listed.text);
  if (problem !== undefined) {
    await rm(folder, { recursive: true });
    return ended("failed", problem);
  }
  process.stdout.write(
    json ? `${JSON.stringify({ name, folder, meshFile })}\n` : next(name, needs),
  );
  return done;
}

async function writeFolder(
  folder: string,
  name: string,
  needs: Requirements,
): Promise<string | undefined> {
  try {
    await mkdir(folder);
  } catch (error) {
    return hasCode(error, "EEXIST")
      ? `${folder} is there already: choose another name, or remove it.`
      : `${folder} could not be made: ${reasonOf(error)}.`;
  }
  try {
    for (const [file, text] of Object.entries(agentFiles(name, needs))) {
      await writeFile(join(folder, file), text);
    }
    return undefined;
  } catch (error) {
    await rm(folder, { recursive: true });
    return `${folder} could not be written: ${reasonOf(error)}.`;
  }
}

/** Replaces the file in one step, so that nobody reads half of it. */
async function replace(file: string, text: string): Promise<string | undefined> {
  const draft = `${file}.${process.pid}.new`;
  try {
    const { mode } = await stat(file);
    await writeFile(draft, text, { mode });
    await rename(draft, file);
    return undefined;
  } catch (error) {
    await rm(draft, { force: true });
    return `${file} could not be written: ${reasonOf(error)}.`;
  }
}

function next(name: string, { mustInstall }: Requirements): string {
  return [
    `Wrote ${name}/, and listed ${name} in the mesh. Next:`,
    "",
    `  cd ${name}`,
    ...(mustInstall ? ["  npm install"] : []),
    "  npm start            # joins the running mesh, again after each save",
    "  npm test",
    "",
    "and in another terminal:",
    "",
    `  npx smartcall call ${name} "Hello"`,
    "",
  ].join("\n");
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
