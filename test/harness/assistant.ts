// Asks the assistant, always in the way that gives the same answer twice.

import { allEvents } from "./events.ts";
import { numberAt, textAt } from "./json.ts";
import type { Mesh } from "./mesh.ts";
import { asking, callRest } from "./rest.ts";

/** What it answered, and what that cost. */
export interface Answer {
  readonly text: string;
  readonly finishReason: string;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** The likeliest token each time, and a fixed seed. */
export const fixed = { temperature: 0, seed: 7 } as const;

/** Asks for the whole answer at once. */
export async function askWhole(mesh: Mesh, question: string, system = ""): Promise<Answer> {
  const token = await mesh.token();
  const messages = [
    ...(system === "" ? [] : [{ role: "system", content: system }]),
    { role: "user", content: question },
  ];
  const body = { messages, ...fixed };
  const call = { path: "/v1/agents/assistant:invoke", token, body };
  const { status, json, text } = await callRest(mesh, call);
  if (status !== 200) throw new Error(`${status} ${text}`);
  return {
    text: textAt(json, "message", "content"),
    finishReason: textAt(json, "finishReason"),
    inputTokens: numberAt(json, "usage", "inputTokens"),
    outputTokens: numberAt(json, "usage", "outputTokens"),
  };
}

/** Asks for the answer as it comes, and gives its pieces too. */
export async function askStreamed(
  mesh: Mesh,
  question: string,
): Promise<Answer & { readonly pieces: readonly string[] }> {
  const token = await mesh.token();
  const call = { path: "/v1/agents/assistant:stream", token, body: asking(question, fixed) };
  const events = (await allEvents(mesh, call)).map(({ event }) => event);
  const pieces = events.map((event) => textAt(event, "delta", "content")).filter((t) => t !== "");
  const last = events.at(-1);
  return {
    text: pieces.join(""),
    pieces,
    finishReason: textAt(last, "done", "finishReason"),
    inputTokens: numberAt(last, "done", "usage", "inputTokens"),
    outputTokens: numberAt(last, "done", "usage", "outputTokens"),
  };
}
