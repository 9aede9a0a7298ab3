// Answers one call with the model: from its messages to deltas, usage and the reason it ended.

import {
  agentError,
  type Call,
  delta,
  finish,
  grantTooSmall,
  type Piece,
  usage,
} from "@smartcall/agent-kit";
import { textMessages } from "./messages.ts";
import type { Model } from "./model.ts";
import type { Prompt } from "./prompt.ts";
import { sampling } from "./sampling.ts";

/** What of a call the answer depends on. */
export type Asked = Pick<
  Call,
  "messages" | "temperature" | "topP" | "seed" | "maxTokens" | "stop" | "grant" | "signal"
>;

/**
 * Answers a call. Usage is told with every step, so that an answer that is cut
 * short says what it had cost. `newSeed` gives a seed where the caller has none.
 */
export async function* streamAnswer(
  model: Model,
  call: Asked,
  newSeed: () => number,
): AsyncGenerator<Piece, void> {
  const prompt = readPrompt(model, call);
  const inputTokens = prompt.tokens.length;
  // Before anything is read: a call that cannot be answered costs nothing.
  const granted = call.grant === undefined ? undefined : call.grant - inputTokens;
  if (granted !== undefined && granted < 1)
    throw grantTooSmall(inputTokens + 1, inputTokens + granted);
  const steps = model.answer({
    prompt,
    sampling: sampling(call, newSeed),
    stop: call.stop,
    ...(granted !== undefined && { granted }),
    signal: call.signal,
  });
  // Whoever leaves while the prompt is read has had it read.
  yield usage({ inputTokens, outputTokens: 0 });
  for await (const step of steps) {
    // Before what it costs, for the answer may end with that.
    if (step.finish !== undefined) yield finish(step.finish);
    const counts = { inputTokens, outputTokens: step.outputTokens };
    yield step.text === "" ? usage(counts) : delta(step.text, counts);
  }
}

function readPrompt(model: Model, call: Asked): Prompt {
  const result = model.prompt(textMessages(call.messages));
  if (!result.ok)
    throw refuse("CHAT_TEMPLATE", `not as the model's chat template takes them: ${result.problem}`);
  const { tokens } = result.prompt;
  // One token at least must be left for the answer.
  const most = model.contextSize - 1;
  if (tokens.length > most) {
    throw refuse(
      "CONTEXT_TOO_SMALL",
      `${tokens.length} tokens with the chat template, and the model takes at most ${most}`,
    );
  }
  return result.prompt;
}

function refuse(reason: string, problem: string): Error {
  return agentError("INVALID_ARGUMENT", `messages: ${problem}`, {
    reason,
    violations: [{ path: "messages", problem }],
  });
}
