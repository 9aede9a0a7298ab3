// Lets the model write one answer, token by token, until it ends, is long enough, or nobody waits.

import type { LlamaContextSequence, LlamaModel, Token } from "node-llama-cpp";
import type { Prompt } from "./prompt.ts";
import { repeatPenalty, type Sampling } from "./sampling.ts";
import { watchForStops } from "./stop-texts.ts";
import { tokenText } from "./token-text.ts";

/** One step of an answer. */
export interface Step {
  /** What the answer goes on with; empty while a character or a stop text is unfinished. */
  readonly text: string;
  /** Tokens written so far, in the model's own count. The token that ends a turn is not counted. */
  readonly outputTokens: number;
  /** Set on the last step, and only there. */
  readonly finish?: "stop" | "length" | "budget";
}

/** What to answer, and how. */
export interface AnswerRequest {
  readonly prompt: Prompt;
  readonly sampling: Sampling;
  /** The caller's own texts that end the answer. */
  readonly stop: readonly string[];
  /** The most tokens that the caller's budget leaves the answer; at least 1. */
  readonly granted?: number;
  /** Ends the work after the token, or the part of the prompt, that is being computed. */
  readonly signal: AbortSignal;
}

/**
 * Writes the answer into a fresh `sequence`, whose context must hold the prompt
 * and at least one token more. Its last step has `finish`; an aborted answer
 * ends without one.
 */
export async function* answer(
  model: LlamaModel,
  sequence: LlamaContextSequence,
  { prompt, sampling, stop, granted = Number.POSITIVE_INFINITY, signal }: AnswerRequest,
): AsyncGenerator<Step, void> {
  const last = await readAllButLast(sequence, prompt.tokens, signal);
  if (last === undefined) return;

  // A full context would be shifted, which silently forgets the conversation's beginning.
  const room = sequence.contextSize - prompt.tokens.length;
  const longest = Math.min(sampling.maxTokens, room);
  const toText = tokenText<Token>(
    (tokens, before) => model.detokenize(tokens, false, before),
    prompt.tokens,
  );
  const stops = watchForStops([...prompt.stopTexts, ...stop]);
  const written: Token[] = [];

  const generated = sequence.evaluate([last], {
    temperature: sampling.temperature,
    topP: sampling.topP,
    seed: sampling.seed,
    repeatPenalty: {
      penalty: repeatPenalty.penalty,
      punishTokens: () => punished(model, written),
    },
  });
  for await (const token of generated) {
    if (signal.aborted) return;
    if (prompt.stopTokens.has(token)) break;
    written.push(token);
    const outputTokens = written.length;
    const { text, stopped } = stops.add(toText(token));
    if (stopped) {
      yield { text, outputTokens, finish: "stop" };
      return;
    }
    if (outputTokens >= longest) {
      yield { text: text + stops.rest(), outputTokens, finish: "length" };
      return;
    }
    if (outputTokens >= granted) {
      yield { text: text + stops.rest(), outputTokens, finish: "budget" };
      return;
    }
    yield { text, outputTokens };
    // Nothing more is computed for a caller who left while the step was on its way.
    if (signal.aborted) return;
  }
  yield { text: stops.rest(), outputTokens: written.length, finish: "stop" };
}

/**
 * A prompt is read in parts of this many tokens, so that a call that is
 * cancelled while one is read stops with the part: within some 40 ms at the
 * beginning of a context and 150 ms at the end of 4,096 tokens, on one core.
 * Larger parts are hardly faster on a CPU. The size is fixed because it changes
 * how sums are rounded, and so which of two near tokens is taken.
 */
const promptPart = 8;

/** Reads the prompt but its last token, which begins the answer; undefined where it was aborted. */
async function readAllButLast(
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  signal: AbortSignal,
): Promise<Token | undefined> {
  const head = tokens.slice(0, -1);
  for (let start = 0; start < head.length; start += promptPart) {
    if (signal.aborted) return undefined;
    await sequence.evaluateWithoutGeneratingNewTokens(head.slice(start, start + promptPart));
  }
  return signal.aborted ? undefined : tokens.at(-1);
}

function punished(model: LlamaModel, written: readonly Token[]): Token[] {
  return written.slice(-repeatPenalty.lastTokens).filter((token) => token !== model.tokens.nl);
}
