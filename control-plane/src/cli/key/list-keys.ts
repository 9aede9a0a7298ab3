// Prints the keys of a mesh, what was revoked, and whose tokens are taken.

import { printable } from "@smartcall/runtime";
import { type CommandEnd, done } from "../exit-codes.ts";
import { getJson } from "../remote/get-json.ts";
import { findServer } from "../remote/server.ts";
import type { ServerSettings } from "../remote/server-settings.ts";
import { type Cell, cell, spanOf, tableLines } from "../remote/table.ts";
import { type Terminal, terminal } from "../up/terminal.ts";
import { isKeysAnswer, type KeysAnswer } from "./key-answers.ts";

/** Prints them; with `json`, what the control plane said. */
export async function listKeys(settings: ServerSettings, json: boolean): Promise<CommandEnd> {
  const found = await findServer(settings);
  if (!found.ok) return found.end;
  const got = await getJson(found.server, "/keys", isKeysAnswer);
  if (!got.ok) return got.end;
  const screen = terminal(process.stdout, process.env);
  const lines = json ? [JSON.stringify(got.value)] : keyLines(got.value, Date.now(), screen);
  for (const line of lines) screen.say(line);
  return done;
}

/** The lines: API keys, what else was revoked, keys that sign, issuers. */
export function keyLines(answer: KeysAnswer, now: number, terminal: Terminal): readonly string[] {
  return [
    ...apiKeys(answer, now, terminal),
    ...revoked(answer),
    ...signing(answer, now, terminal),
    ...issuers(answer, now, terminal),
  ];
}

function apiKeys({ keys }: KeysAnswer, now: number, terminal: Terminal): readonly string[] {
  if (keys.length === 0) return ["There is no API key."];
  const rows = keys.map(({ id, subject, scopes, created, expires, revoked }) => [
    cell(id),
    cell(subject),
    cell(scopes.join(" ")),
    cell(spanOf(now - Date.parse(created))),
    cell(spanOf(Date.parse(expires) - now)),
    revoked ? { text: "revoked", paint: terminal.red } : cell("good"),
  ]);
  const titles = ["ID", "SUBJECT", "SCOPES", "AGE", "EXPIRES IN", "STATE"];
  return tableLines([head(titles, terminal), ...rows]);
}

function revoked({ keys, revoked: { tokens, subjects } }: KeysAnswer): readonly string[] {
  const others = tokens.filter(({ id }) => keys.every((key) => key.id !== id));
  const lines = [
    ...subjects.map(({ subject, at, by }) => `subject ${subject}, by ${by} at ${at}`),
    ...others.map(({ id, at, by }) => `token ${id}, by ${by} at ${at}`),
  ];
  return lines.length === 0 ? [] : ["", "Revoked:", ...lines.map((line) => `  ${printable(line)}`)];
}

function signing(
  { signing: keys }: KeysAnswer,
  now: number,
  terminal: Terminal,
): readonly string[] {
  const rows = keys.map(({ kid, algorithm, created, state }) => [
    cell(kid),
    cell(algorithm),
    cell(spanOf(now - Date.parse(created))),
    cell(state),
  ]);
  return [
    "",
    ...tableLines([head(["SIGNING KEY", "ALGORITHM", "AGE", "STATE"], terminal), ...rows]),
  ];
}

function issuers({ issuers: all }: KeysAnswer, now: number, terminal: Terminal): readonly string[] {
  if (all.length === 0) return [];
  const rows = all.map(({ issuer, url, file, keys, taken, problem }) => [
    cell(issuer),
    cell(url ?? file ?? ""),
    cell(`${keys}`),
    taken === undefined
      ? { text: "never: its tokens are refused", paint: terminal.red }
      : cell(`${spanOf(now - Date.parse(taken))} ago`),
    problem === undefined ? cell("") : { text: problem, paint: terminal.yellow },
  ]);
  const titles = ["ISSUER", "KEYS FROM", "KEYS", "TAKEN", "PROBLEM"];
  return ["", ...tableLines([head(titles, terminal), ...rows])];
}

function head(titles: readonly string[], { dim }: Terminal): readonly Cell[] {
  return titles.map((text) => ({ text, paint: dim }));
}
