// A test's agent that hands a call on: asked "b>c>hold" it asks agent b for "c>hold"; what it sees it writes down.
import { appendFileSync } from "node:fs";
import { setTimeout } from "node:timers/promises";
import {
  type Agent,
  AgentError,
  type Call,
  delta,
  isMain,
  type Piece,
  serveAgent,
} from "@smartcall/agent-kit";

/** The variable that names the agent. */
export const relayName = "RELAY_NAME";
/** The variable that names the file: a line of JSON for each thing that happens. */
export const relayFile = "RELAY_FILE";

/** One thing that happened to an agent. */
export interface RelayNote {
  readonly agent: string;
  /** A call came; its signal aborted; the call that it was handed on by failed. */
  readonly what: "asked" | "stopped" | "broke";
  /** In milliseconds since 1970, as is `deadline`. */
  readonly at: number;
  readonly callId: string;
  readonly requestId: string;
  readonly traceId: string;
  readonly from?: string;
  readonly subject?: string;
  readonly team?: string;
  readonly deadline?: number;
  /** Of a call that failed, and what had come of its answer. */
  readonly reason?: string;
  readonly textSoFar?: string;
}

const name = process.env[relayName] ?? "relay";

export const relay: Agent = {
  name,
  async *stream(call) {
    note(call, "asked");
    call.signal.addEventListener("abort", () => note(call, "stopped"));
    call.log.info("asked");
    const [next = "", ...rest] = call.lastUserText.split(">");
    if (rest.length > 0) yield* handedOn(call, next, rest.join(">"));
    else yield delta(`${name}: ${next}`);
    if (next === "hold") await setTimeout(60_000, undefined, { signal: call.signal });
  },
};

async function* handedOn(call: Call, next: string, text: string): AsyncGenerator<Piece> {
  try {
    yield* call.agent(next).stream(text);
  } catch (error) {
    if (error instanceof AgentError) {
      const { reason = "", textSoFar = "" } = error.details;
      note(call, "broke", { reason, textSoFar });
    }
    throw error;
  }
}

function note(
  call: Call,
  what: RelayNote["what"],
  more: Pick<RelayNote, "reason" | "textSoFar"> = {},
): void {
  const team = call.caller?.claims["team"];
  const line: RelayNote = {
    agent: name,
    what,
    at: Date.now(),
    callId: call.id,
    requestId: call.requestId,
    traceId: call.traceId,
    ...(call.from !== undefined && { from: call.from }),
    ...(call.caller !== undefined && { subject: call.caller.subject }),
    ...(typeof team === "string" && { team }),
    ...(call.deadline !== undefined && { deadline: call.deadline.getTime() }),
    ...more,
  };
  appendFileSync(process.env[relayFile] ?? "", `${JSON.stringify(line)}\n`);
}

if (isMain(import.meta.url)) serveAgent(relay);
