// Has a control plane make an API key, and prints it.

import { type CommandEnd, done } from "../exit-codes.ts";
import { postJson } from "../remote/get-json.ts";
import { findServer } from "../remote/server.ts";
import type { ServerSettings } from "../remote/server-settings.ts";
import { isCreatedAnswer } from "./key-answers.ts";

/** What the key is to be. */
export interface KeyOrder {
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly lifetimeMs: number;
  readonly claims: Readonly<Record<string, string>>;
}

/** Prints the key alone on standard output, so that it can be piped into a safe. */
export async function createKey(
  settings: ServerSettings,
  order: KeyOrder,
  json: boolean,
): Promise<CommandEnd> {
  const found = await findServer(settings);
  if (!found.ok) return found.end;
  const got = await postJson(found.server, "/keys", order, isCreatedAnswer);
  if (!got.ok) return got.end;
  const { token, id, expires } = got.value;
  process.stdout.write(`${json ? JSON.stringify({ token, id, expires }) : token}\n`);
  process.stderr.write(
    `The key ${id} of ${order.subject} is good until ${expires}. It is shown this once: keep it safe.\n`,
  );
  return done;
}
