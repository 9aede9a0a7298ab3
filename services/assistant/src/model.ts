// A language model that runs in this process: loaded once, then asked one call at a time.

import { availableParallelism } from "node:os";
import { getLlama, type LlamaContext, LlamaLogLevel, type LlamaModel } from "node-llama-cpp";
import { type AnswerRequest, answer, type Step } from "./answer.ts";
import { chatTemplate, type PromptResult, renderPrompt, type TextMessage } from "./prompt.ts";

/** A loaded model. */
export interface Model {
  /** What its file says it is called. */
  readonly name: string;
  /** The most tokens of a prompt and its answer together. */
  readonly contextSize: number;
  /** Threads it computes with. */
  readonly threads: number;
  /** What it would read to answer `messages`. */
  prompt(messages: readonly TextMessage[]): PromptResult;
  /**
   * Answers; the prompt must be shorter than the context. Each answer begins
   * from nothing, so what ran before never changes it. One that is asked for
   * before another has ended waits for it.
   */
  answer(request: AnswerRequest): AsyncGenerator<Step, void>;
  /** Frees its memory. */
  close(): Promise<void>;
}

/** How a model is loaded. */
export interface ModelOptions {
  /** The GGUF file. */
  readonly path: string;
  /** Where the engine's own warnings go. */
  onWarning(message: string): void;
  /** The most tokens of context, where the model could take more. Memory grows with it. */
  readonly maxContextSize?: number;
}

/** Loads a model from a GGUF file, on the CPU. Throws where the file cannot be loaded. */
export async function loadModel(options: ModelOptions): Promise<Model> {
  const llama = await getLlama({
    gpu: false,
    // The engine comes with the package; nothing is downloaded or compiled.
    build: "never",
    skipDownload: true,
    progressLogs: false,
    maxThreads: 0,
    logLevel: LlamaLogLevel.warn,
    logger: (_level, message) => options.onWarning(message.trim()),
  });
  const model = await llama.loadModel({ modelPath: options.path, gpuLayers: 0 });
  const context = await model.createContext({
    sequences: 1,
    contextSize: Math.min(model.trainContextSize, options.maxContextSize ?? 4096),
    threads: threads(availableParallelism()),
    // On a CPU it makes long prompts slower.
    flashAttention: false,
  });
  const takeTurn = turns();
  const template = chatTemplate(model);
  return {
    name: model.fileInfo.metadata.general.name ?? model.filename ?? options.path,
    contextSize: context.contextSize,
    threads: context.idealThreads,
    prompt: (messages) => renderPrompt(model, template, messages),
    answer: (request) => answerInNewSequence(model, context, takeTurn, request),
    close: () => llama.dispose(),
  };
}

/**
 * One core is left to Envoy and the rest of the machine: the engine's threads
 * wait for each other busily, so one that has to share its core slows them all.
 */
export function threads(cores: number): number {
  return Math.max(1, cores - 1);
}

async function* answerInNewSequence(
  model: LlamaModel,
  context: LlamaContext,
  takeTurn: Turns,
  request: AnswerRequest,
): AsyncGenerator<Step, void> {
  const endTurn = await takeTurn();
  try {
    if (request.signal.aborted) return;
    const sequence = context.getSequence();
    try {
      yield* answer(model, sequence, request);
    } finally {
      await sequence.dispose();
    }
  } finally {
    endTurn();
  }
}

/** Waits until those who came before have ended; gives the function that ends one's own turn. */
type Turns = () => Promise<() => void>;

function turns(): Turns {
  let before = Promise.resolve();
  return async () => {
    let end = (): void => undefined;
    const own = new Promise<void>((resolve) => {
      end = resolve;
    });
    const earlier = before;
    before = earlier.then(() => own);
    await earlier;
    return end;
  };
}
