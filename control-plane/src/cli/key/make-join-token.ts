// Has a control plane make a node's own join token, and says what to do with it.

import { rmSync, writeFileSync } from "node:fs";
import type { JoinKind } from "../../state/index.ts";
import { type CommandEnd, done, ended } from "../exit-codes.ts";
import { postJson } from "../remote/get-json.ts";
import { findServer } from "../remote/server.ts";
import type { ServerSettings } from "../remote/server-settings.ts";
import { isJoinAnswer } from "./key-answers.ts";

/** Whom it is for. */
export interface JoinOrder {
  readonly kind: JoinKind;
  readonly name: string;
  readonly lifetimeMs: number;
}

/** How the token is given. */
export interface JoinForm {
  readonly json: boolean;
  /** The file that it is written into; standard output unless given. */
  readonly out: string | undefined;
}

/** Gives the token alone, and says on standard error what it is used with. */
export async function makeJoinToken(
  settings: ServerSettings,
  order: JoinOrder,
  { json, out }: JoinForm,
): Promise<CommandEnd> {
  const found = await findServer(settings);
  if (!found.ok) return found.end;
  const got = await postJson(found.server, "/joins", order, isJoinAnswer);
  if (!got.ok) return got.end;
  const { token, id, expires, nodesAt } = got.value;
  const text = `${json ? JSON.stringify({ token, id, expires }) : token}\n`;
  const problem = out === undefined ? void process.stdout.write(text) : keep(out, text);
  if (problem !== undefined) {
    const why = `${out} cannot be written: ${problem}. Take the token back with \`smartcall key revoke ${id}\`, and make another one.`;
    return ended("failed", why);
  }
  process.stderr.write(`${usage(order, id, expires, nodesAt)}\n`);
  return done;
}

/** In a file that nobody else may ever have opened; gives what hinders. */
function keep(file: string, text: string): string | undefined {
  try {
    rmSync(file, { force: true });
    writeFileSync(file, text, { mode: 0o600, flag: "wx" });
    return undefined;
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

/** How the token is used on the node's machine. */
export function usage(
  { kind, name }: Pick<JoinOrder, "kind" | "name">,
  id: string,
  expires: string,
  nodesAt: string | undefined,
): string {
  const at = nodesAt ?? "HOST:18443";
  const listens =
    nodesAt === undefined
      ? "\nThe control plane serves this machine alone as yet: start it with SMARTCALL_NODES=0.0.0.0:18443 as well."
      : "";
  const command =
    kind === "gateway"
      ? `smartcall gateway --name ${name} --control-plane ${at} --join-token-file ${name}.token --ca ca.pem`
      : `SMARTCALL_CONTROL_PLANE=${at} SMARTCALL_JOIN_TOKEN_FILE=${name}.token SMARTCALL_CA=ca.pem npm start`;
  return `The join token ${id} is for the ${kind} ${name} alone, until ${expires}. It is shown this once.${listens}
On the other machine, with the token in ${name}.token, for its owner alone to read, and this mesh's ca.pem beside it:
  ${command}`;
}
