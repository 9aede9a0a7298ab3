// Checks a mesh file and says what is wrong with it.

import { checkFiles, shownProblems } from "../../config/index.ts";
import { readMeshFiles } from "../../source/files/read-mesh-files.ts";
import { type CommandEnd, done, ended } from "../exit-codes.ts";
import { fromHere } from "../from-here.ts";
import { stoppable } from "../stoppable.ts";

/** What to check, and how to tell of it. */
export interface ValidateOrder {
  readonly path: string;
  /** An Envoy that the mesh is to pass too. */
  readonly envoy?: { readonly path: string; readonly version: string } | undefined;
  /** Print one diagnostic a line, warnings too. */
  readonly json: boolean;
}

/** Checks the file or folder, and changes nothing. */
export async function validate({ envoy, json, path }: ValidateOrder): Promise<CommandEnd> {
  const shown = fromHere(path);
  const checked = await checkFiles(await readMeshFiles(shown), new Date());
  const refused =
    checked.ok && envoy !== undefined
      ? await stoppable(async (signal) => {
          const { checkWithEnvoy } = await import("./check-with-envoy.ts");
          const found = await checkWithEnvoy(checked, envoy.path, signal);
          return signal.aborted ? undefined : found;
        })
      : [];
  if (refused === undefined) return ended("interrupted", "Stopped.");
  const isGood = checked.ok && refused.length === 0;
  const diagnostics = [...checked.diagnostics, ...refused];
  if (json) {
    for (const one of diagnostics) process.stdout.write(`${JSON.stringify(one)}\n`);
    return isGood ? done : ended("failed");
  }
  for (const text of shownProblems(diagnostics, (one) => checked.show(one, process.stderr.isTTY))) {
    process.stderr.write(`${text}\n\n`);
  }
  if (!isGood) return ended("failed", `${countOf(diagnostics.length)} in ${shown}.`);
  const { agents, mesh } = checked.config;
  const passed = envoy === undefined ? "" : ` Envoy ${envoy.version} takes it.`;
  const names = namesOf([...agents.keys()]);
  process.stdout.write(`${shown} is good: mesh "${mesh}", agents ${names}.${passed}\n`);
  return done;
}

/** More names than these are counted. */
const mostNames = 10;

function namesOf(names: readonly string[]): string {
  const more = names.length - mostNames;
  const first = names.slice(0, mostNames).join(", ");
  return more > 0 ? `${first} and ${more.toLocaleString("en")} more` : first;
}

function countOf(count: number): string {
  return count === 1 ? "1 problem" : `${count.toLocaleString("en")} problems`;
}
