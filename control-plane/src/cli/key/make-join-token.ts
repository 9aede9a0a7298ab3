// Has a control plane make a node's own join token, and says what to do with it.

import type { JoinKind } from "../../state/index.ts";
import { type CommandEnd, done } from "../exit-codes.ts";
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

/** Prints the token alone on standard output, and what it is used with on standard error. */
export async function makeJoinToken(
  settings: ServerSettings,
  order: JoinOrder,
  json: boolean,
): Promise<CommandEnd> {
  const found = await findServer(settings);
  if (!found.ok) return found.end;
  const got = await postJson(found.server, "/joins", order, isJoinAnswer);
  if (!got.ok) return got.end;
  const { token, id, expires, nodesAt } = got.value;
  process.stdout.write(`${json ? JSON.stringify({ token, id, expires }) : token}\n`);
  process.stderr.write(`${usage(order, id, expires, nodesAt)}\n`);
  return done;
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
