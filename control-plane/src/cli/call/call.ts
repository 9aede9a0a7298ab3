// Calls an agent through the edge and shows its answer as it comes.

import type { IncomingHttpHeaders } from "node:http";
import { type Run, readRun, startCommand } from "@smartcall/runtime";
import { edgeTrust, type Reach } from "../edge/reach.ts";
import { type CommandEnd, done, ended } from "../exit-codes.ts";
import { mintLocalToken } from "../local-token.ts";
import { readEvent, readProblem, readSequence } from "./answer.ts";
import { requestStream } from "./request-stream.ts";
import { serverSentEvents } from "./server-sent-events.ts";
import { brokenStream, eventCount } from "./whole-answer.ts";

/** What to ask, and how to show the answer. */
export interface CallOrder {
  readonly agent: string;
  readonly text: string;
  readonly stateFolder: string;
  readonly temperature?: number;
  readonly maxTokens?: number;
  readonly seed?: number;
  readonly token?: string;
  readonly json?: boolean;
}

/** The token lasts long enough for one call. */
const tokenLifetimeMs = 3_600_000;

/** Calls the agent; Ctrl-C cancels. */
export async function call(order: CallOrder): Promise<CommandEnd> {
  const run = readRun(order.stateFolder);
  if (run === undefined) return notRunning;
  const edge = reachOf(run);
  if (edge === undefined) return notRunning;
  const token = await tokenFor(order, run);
  if (!token.ok) return ended("failed", token.problem);

  const cancel = new AbortController();
  process.once("SIGINT", () => cancel.abort());
  const { agent, text, temperature, maxTokens, seed } = order;
  const messages = [{ role: "user", content: text }];
  const body = JSON.stringify({ messages, temperature, maxTokens, seed });
  const { signal } = cancel;
  const answer = await requestStream({ edge, token: token.text, agent, body, signal });
  if (signal.aborted) return cancelled;
  if (!answer.ok) {
    return answer.code === "ECONNREFUSED"
      ? notRunning
      : ended("failed", `${edge.url} could not be called: ${answer.problem}.`);
  }
  answer.response.setEncoding("utf8");
  const { statusCode = 0 } = answer.response;
  const end =
    statusCode === 200
      ? await show(answer.response, order, requestIdOf(answer.response.headers))
      : await refused(answer.response, statusCode, order);
  return signal.aborted ? cancelled : end;
}

const notRunning = ended(
  "notRunning",
  `No mesh is running here: start one with \`${startCommand}\` and try again.`,
);
const cancelled = ended("interrupted", "Cancelled.");

/** Undefined where the files are gone that say whom to trust: the mesh is gone too. */
function reachOf({ url, connectTo, certificate, ca }: Run): Reach | undefined {
  try {
    return { url, connectTo, trust: edgeTrust(certificate, ca) };
  } catch {
    return undefined;
  }
}

type TokenText =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string };

async function tokenFor(order: CallOrder, run: Run): Promise<TokenText> {
  if (order.token !== undefined) return { ok: true, text: order.token };
  const request = { mesh: run.mesh, lifetimeMs: tokenLifetimeMs };
  const minted = await mintLocalToken(order.stateFolder, request);
  return minted.ok ? { ok: true, text: minted.token.token } : minted;
}

async function show(
  body: AsyncIterable<string>,
  order: CallOrder,
  requestId: string | undefined,
): Promise<CommandEnd> {
  const isNext = eventCount();
  let lineIsOpen = false;
  const closeLine = (): void => {
    if (lineIsOpen) process.stdout.write("\n");
    lineIsOpen = false;
  };
  try {
    for await (const data of serverSentEvents(body)) {
      if (!isNext(readSequence(data))) break;
      if (order.json) process.stdout.write(`${data}\n`);
      const event = readEvent(data);
      if (event?.kind === "delta" && !order.json) {
        process.stdout.write(event.text);
        lineIsOpen = !event.text.endsWith("\n") && (lineIsOpen || event.text !== "");
      } else if (event?.kind === "done") {
        closeLine();
        if (!order.json && process.stderr.isTTY) sayEnd(event.finishReason, event.usage);
        return done;
      } else if (event?.kind === "error") {
        closeLine();
        return ended("failed", event.problem);
      }
    }
  } catch {
    // A body that is cut off is a stream that broke, as one without a last event is.
  }
  closeLine();
  const broken = brokenStream(requestId);
  if (order.json) process.stdout.write(`${broken}\n`);
  return ended("failed", readProblem(undefined, broken));
}

function requestIdOf({ "x-request-id": id }: IncomingHttpHeaders): string | undefined {
  return typeof id === "string" ? id : undefined;
}

function sayEnd(finishReason: string, usage: string | undefined): void {
  const facts = [usage, finishReason === "stop" ? undefined : `ended by ${finishReason}`];
  const line = facts.filter((fact) => fact !== undefined).join(", ");
  if (line !== "") process.stderr.write(`\u001b[2m${line}\u001b[0m\n`);
}

async function refused(
  body: AsyncIterable<string>,
  status: number,
  order: CallOrder,
): Promise<CommandEnd> {
  let text = "";
  try {
    for await (const piece of body) text += piece;
  } catch {
    // The status is told below without the rest of the body.
  }
  if (order.json && text !== "") process.stdout.write(`${text.trim()}\n`);
  return ended("failed", readProblem(status, text));
}
