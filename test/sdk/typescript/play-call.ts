// Makes a call of a shared case by the TypeScript SDK.
import {
  type AgentInfo,
  type AnswerStream,
  type Ask,
  type CallOptions,
  type Client,
  type ConverseSocket,
  InvalidRequest,
  type Message,
  type Role,
  SmartCallError,
} from "@smartcall/client";
import { listAt, numberAt, textAt, valueAt } from "../../harness/json.ts";
import type { FoundError, Outcome } from "./outcome.ts";

/** Makes it. Throws what is no error of the SDK. */
export async function playCall(client: Client, call: unknown): Promise<Outcome> {
  const agent = client.agent(textAt(call, "agent") || "scripted");
  const options = optionsOf(valueAt(call, "options"));
  try {
    switch (textAt(call, "do")) {
      case "invoke": {
        const { finishReason, requestId, text, usage } = await agent.invoke(askOf(call), options);
        return { text, finishReason, requestId, usage };
      }
      case "stream":
        return await readStream(agent.stream(askOf(call), options), call);
      case "converse":
        return { conversations: await converse(await agent.converse(options), call) };
      case "agents":
        return { agents: (await client.agents(options)).map(({ name }) => name) };
      case "agent":
        return { agent: infoOf(await agent.describe(options)) };
      default:
        throw new Error(`nobody knows how to do ${textAt(call, "do")}`);
    }
  } catch (error) {
    return { error: found(error) };
  }
}

/** All conversations at once, each turn of one after the turn before it. */
async function converse(
  socket: ConverseSocket,
  call: unknown,
): Promise<readonly (readonly Outcome[])[]> {
  const options = optionsOf(valueAt(call, "options"));
  const all = listAt(call, "conversations").map(async (_, at) => {
    const conversation = socket.conversation();
    const outcomes: Outcome[] = [];
    for (const turn of listAt(call, "conversations", at)) {
      const ask = typeof turn === "string" ? turn : textAt(turn, "ask");
      outcomes.push(await readStream(conversation.ask(ask, options), turn));
    }
    return outcomes;
  });
  const outcomes = await Promise.all(all);
  await socket.close();
  return outcomes;
}

async function readStream(stream: AnswerStream, from: unknown): Promise<Outcome> {
  const enough = numberAt(from, "cancelAfterPieces");
  const pieces: string[] = [];
  try {
    for await (const { text } of stream) {
      pieces.push(text);
      if (pieces.length >= enough) return { pieces };
    }
    const { finishReason, text, usage } = stream.answer;
    return { pieces, text, finishReason, usage, requestId: stream.requestId };
  } catch (error) {
    return { pieces, error: found(error) };
  }
}

function found(error: unknown): FoundError {
  if (!(error instanceof SmartCallError)) throw error;
  const { details, message, name: kind, reason, requestId, retryable, status, textSoFar } = error;
  const fields = error instanceof InvalidRequest ? error.fields.map(({ field }) => field) : [];
  return {
    kind,
    reason,
    status,
    retryable,
    retryAfterMs: error.retryAfter,
    message,
    textSoFar,
    fields,
    requestId,
    told: details.length > 0,
  };
}

function infoOf({ capabilities, description, health, name }: AgentInfo) {
  return { name, description, health, methods: capabilities.methods };
}

function optionsOf(said: unknown): CallOptions {
  const number = (key: string): number | undefined => {
    const value = valueAt(said, key);
    return typeof value === "number" ? value : undefined;
  };
  const traceparent = textAt(said, "traceparent") || undefined;
  const idempotent = valueAt(said, "idempotent") === true || undefined;
  return { timeoutMs: number("timeoutMs"), retries: number("retries"), idempotent, traceparent };
}

function askOf(call: unknown): Ask {
  const ask = valueAt(call, "ask");
  if (typeof ask === "string") return ask;
  const messages = listAt(ask, "messages").map(messageOf);
  const settings = Object.fromEntries(
    Object.entries(Object(ask)).filter(([key]) => key !== "messages"),
  );
  return { ...settings, messages };
}

function messageOf(message: unknown): Message {
  const roles: readonly Role[] = ["system", "user", "assistant", "tool"];
  const role = roles.find((each) => each === textAt(message, "role"));
  if (role === undefined) throw new Error(`nobody has the role ${textAt(message, "role")}`);
  return { role, content: textAt(message, "content") };
}
