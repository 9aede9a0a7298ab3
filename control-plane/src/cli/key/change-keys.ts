// Has a control plane revoke, restore and rotate keys, and says how far that has come.

import { printable } from "@smartcall/runtime";
import { type CommandEnd, done, ended } from "../exit-codes.ts";
import { postJson } from "../remote/get-json.ts";
import { findServer } from "../remote/server.ts";
import type { ServerSettings } from "../remote/server-settings.ts";
import {
  type ChangedAnswer,
  isChangedAnswer,
  isRotatedAnswer,
  type ReachedAnswer,
} from "./key-answers.ts";

/** Refuses a token or a subject; fails where a gateway may still take it. */
export function revokeKey(
  settings: ServerSettings,
  what: { readonly id: string } | { readonly subject: string },
  json: boolean,
): Promise<CommandEnd> {
  return change(settings, "/revocations", what, json, ({ known }) =>
    "subject" in what
      ? `Every token of ${printable(what.subject)} is refused from here on.`
      : `${known ? "The key" : "No API key of this mesh has this id; the token"} ${printable(what.id)} is refused from here on.`,
  );
}

/** Takes the tokens of a subject again. */
export function restoreSubject(
  settings: ServerSettings,
  subject: string,
  json: boolean,
): Promise<CommandEnd> {
  return change(settings, "/revocations/restore", { subject }, json, ({ known }) =>
    known
      ? `The tokens of ${printable(subject)} are taken again.`
      : `${printable(subject)} was not revoked.`,
  );
}

/** Makes a new key that signs. */
export async function rotateKeys(
  settings: ServerSettings,
  algorithm: string | undefined,
  json: boolean,
): Promise<CommandEnd> {
  const found = await findServer(settings);
  if (!found.ok) return found.end;
  const order = algorithm === undefined ? {} : { algorithm };
  const got = await postJson(found.server, "/keys/rotate", order, isRotatedAnswer);
  if (!got.ok) return got.end;
  const { gateways, signing } = got.value;
  if (json) {
    process.stdout.write(`${JSON.stringify(got.value)}\n`);
  } else {
    const newest = signing.at(-1);
    const before = signing.length - 1;
    process.stdout.write(
      `${newest?.algorithm} key ${newest?.kid} is published, and signs in five seconds; ${before} before it still verify.\n`,
    );
  }
  return endOf(gateways, "does not know the new key: tokens that it signs fail there");
}

async function change(
  settings: ServerSettings,
  path: string,
  order: object,
  json: boolean,
  told: (changed: ChangedAnswer) => string,
): Promise<CommandEnd> {
  const found = await findServer(settings);
  if (!found.ok) return found.end;
  const got = await postJson(found.server, path, order, isChangedAnswer);
  if (!got.ok) return got.end;
  const { gateways, notKept } = got.value;
  process.stdout.write(`${json ? JSON.stringify(got.value) : told(got.value)}\n`);
  const end = endOf(gateways, "has not taken this: it does not hold there yet");
  if (notKept === undefined) return end;
  const problem = `A restart of the control plane would forget it: ${notKept}`;
  return ended("failed", problem, ...end.problems);
}

function endOf({ silent, cutOff }: ReachedAnswer, words: string): CommandEnd {
  const problems = [
    ...silent.map((node) => `The gateway ${printable(node)} ${words}.`),
    ...cutOff.map((node) => `The gateway ${printable(node)} is cut off and ${words}.`),
  ];
  return problems.length === 0 ? done : ended("failed", ...problems);
}
