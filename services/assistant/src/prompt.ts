// Turns a conversation into the tokens that the model reads, by the model's own chat template.

import {
  type ChatHistoryItem,
  type ChatWrapper,
  JinjaTemplateChatWrapper,
  type LlamaModel,
  type LlamaText,
  resolveChatWrapper,
  type Token,
} from "node-llama-cpp";

/** One message of a conversation, as text. */
export interface TextMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string;
}

/** What the model reads, and what ends its answer. */
export interface Prompt {
  readonly tokens: readonly Token[];
  /** Tokens that end the answer. */
  readonly stopTokens: ReadonlySet<Token>;
  /** Texts that end the answer and are not part of it. */
  readonly stopTexts: readonly string[];
}

/** A prompt, or why the chat template takes no such conversation. */
export type PromptResult =
  | { readonly ok: true; readonly prompt: Prompt }
  | { readonly ok: false; readonly problem: string };

/**
 * The model's chat template, taken from its file. A file without one, or with
 * one that cannot be used, gets the template that its architecture suggests.
 */
export function chatTemplate(model: LlamaModel): ChatWrapper {
  const template = model.fileInfo.metadata.tokenizer?.chat_template;
  if (template !== undefined) {
    try {
      // Thoughts would come as part of the answer's text; models that can do without are asked to.
      return new JinjaTemplateChatWrapper({
        template,
        tokenizer: model.tokenizer,
        reasoning: false,
      });
    } catch {
      // It is not one that the template engine can run.
    }
  }
  return resolveChatWrapper(model);
}

/**
 * The prompt for an answer to `messages`. Text of a message is never read as a
 * special token, so no message can end its turn and speak in another role.
 * Without a system message, `defaultInstruction` is one.
 */
export function renderPrompt(
  model: LlamaModel,
  template: ChatWrapper,
  messages: readonly TextMessage[],
): PromptResult {
  const instructed = messages.some((message) => message.role === "system")
    ? messages
    : [{ role: "system", content: defaultInstruction } as const, ...messages];
  try {
    const state = template.generateContextState({
      chatHistory: [...instructed.map(toHistory), { type: "model", response: [""] }],
    });
    const ends = state.stopGenerationTriggers.map((trigger) => toEnd(model, trigger));
    const own = model.tokens.bos === null ? [] : [model.tokens.bos];
    return {
      ok: true,
      prompt: {
        tokens: state.contextText.tokenize(model.tokenizer),
        stopTokens: new Set([...own, ...ends.flatMap((end) => end.token ?? [])]),
        stopTexts: ends.flatMap((end) => end.text ?? []),
      },
    };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Asks small models, which would otherwise drift into other languages and stories, to answer. */
export const defaultInstruction = "You are a helpful assistant. Give short, factual answers.";

function toHistory(message: TextMessage): ChatHistoryItem {
  switch (message.role) {
    case "system":
      return { type: "system", text: message.content };
    case "user":
      return { type: "user", text: message.content };
    case "assistant":
      return { type: "model", response: [message.content] };
  }
}

/** A trigger that begins with a special token ends the answer there; its text would never show. */
function toEnd(model: LlamaModel, trigger: LlamaText): { token?: Token; text?: string } {
  const [first] = trigger.tokenize(model.tokenizer);
  if (first === undefined) return {};
  return model.isSpecialToken(first) ? { token: first } : { text: trigger.toString() };
}
