// Mints a token and prints it.

import { parseMesh } from "../config/index.ts";
import { loadLastGood, openDirectoryState } from "../state/index.ts";
import { type CommandEnd, done, ended } from "./exit-codes.ts";
import { mintLocalToken } from "./local-token.ts";
import { readMeshFile } from "./mesh-file.ts";

/** What to mint, and how to print it. */
export interface TokenOrder {
  readonly stateFolder: string;
  readonly meshFile: string;
  readonly subject: string;
  /** With spaces between. */
  readonly scope: string;
  /** In seconds. */
  readonly lifetime: number;
  readonly claims: readonly (readonly [string, string])[];
  readonly json?: boolean;
}

/** Prints the token alone, or with its id and expiry as JSON. */
export async function token(order: TokenOrder): Promise<CommandEnd> {
  const file = await readMeshFile(order.meshFile, { colour: false, now: new Date() });
  // While the file is broken the mesh goes on as it was, and whoever mends it needs a token.
  const mesh = file.ok ? file.mesh.name : await meshOfBefore(order.stateFolder);
  if (mesh === undefined) {
    return ended("failed", ...(file.ok ? [] : file.problems));
  }
  const minted = await mintLocalToken(order.stateFolder, {
    mesh,
    subject: order.subject,
    scopes: order.scope.split(/\s+/).filter((scope) => scope !== ""),
    lifetimeMs: order.lifetime * 1000,
    claims: Object.fromEntries(order.claims),
  });
  if (!minted.ok) return ended("failed", minted.problem);
  const { token: text, id, expires } = minted.token;
  const shown = order.json ? JSON.stringify({ token: text, id, expires }) : text;
  process.stdout.write(`${shown}\n`);
  return done;
}

/** The name of the mesh that the files were when they last made sense. */
async function meshOfBefore(stateFolder: string): Promise<string | undefined> {
  const state = await openDirectoryState(stateFolder);
  if (!state.ok) return undefined;
  const kept = await loadLastGood(state.value, () => undefined);
  const parsed = kept.ok && kept.value !== undefined ? parseMesh(kept.value.files) : undefined;
  return parsed?.ok === true ? parsed.config.mesh : undefined;
}
