// Sends a mesh's files to a control plane, and follows them until they are saved or refused.

import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { parseObject } from "@smartcall/runtime";
import { checkFiles, shownProblems } from "../../config/index.ts";
import { readMeshFiles } from "../../source/files/read-mesh-files.ts";
import { type CommandEnd, ended } from "../exit-codes.ts";
import { terminal } from "../up/terminal.ts";
import { isStepAnswer } from "./answers.ts";
import { brokeOff, refusedWith, strange } from "./problems.ts";
import { readLines } from "./read-lines.ts";
import { ask } from "./request.ts";
import { findServer, type Server } from "./server.ts";
import type { ServerSettings } from "./server-settings.ts";
import { endOf, showStep } from "./show-steps.ts";

/** A gateway that does not answer is waited for; a control plane that says nothing is not. */
const patienceMs = 120_000;

/** Applies the file or folder; Ctrl-C stops watching. With `json`, prints each step as it came. */
export async function apply(
  path: string,
  settings: ServerSettings,
  json: boolean,
): Promise<CommandEnd> {
  const read = await readMeshFiles(path);
  if (read.kind === "unreadable") {
    const { diagnostics, show } = await checkFiles(read, new Date());
    const texts = shownProblems(diagnostics, (one) => show(one, process.stderr.isTTY));
    return ended("failed", ...texts);
  }
  const found = await findServer(settings);
  if (!found.ok) return found.end;
  const { server } = found;
  const cancel = new AbortController();
  // Until the process ends: one that comes when all is said must not take the exit code away.
  process.once("SIGINT", () => cancel.abort());
  const folder = (await stat(path)).isDirectory();
  const files = read.files.map(({ name, text }) => ({ name: basename(name), text }));
  if (!json) process.stdout.write(`Applying ${path} to ${server.url} …\n`);
  const end = await send(server, JSON.stringify({ files, folder }), cancel.signal, json);
  return cancel.signal.aborted ? cancelled : end;
}

const cancelled = ended(
  "interrupted",
  "No longer watched: the control plane may go on with what it was sent. `smartcall nodes` shows how far it is.",
);

async function send(
  server: Server,
  body: string,
  signal: AbortSignal,
  json: boolean,
): Promise<CommandEnd> {
  const order = { method: "POST", path: "/mesh/apply", body, signal, patienceMs } as const;
  const asked = await ask(server, order);
  if (!asked.ok) return asked.end;
  const { response } = asked;
  response.setEncoding("utf8");
  try {
    if (response.statusCode !== 200) {
      let text = "";
      for await (const piece of response) text += String(piece);
      return refusedWith(server, response.statusCode ?? 0, text);
    }
    return await follow(server, response, json);
  } catch (error) {
    return brokeOff(server, error);
  }
}

async function follow(
  server: Server,
  body: AsyncIterable<unknown>,
  json: boolean,
): Promise<CommandEnd> {
  const screen = terminal(process.stdout, process.env);
  for await (const line of readLines(body)) {
    const step = parseObject(line);
    if (!isStepAnswer(step)) return strange(server, "a step is not as expected");
    if (json) screen.say(JSON.stringify(step));
    else showStep(step, screen);
    const end = endOf(step, json);
    if (end !== undefined) return end;
  }
  return brokeOff(server);
}
