// Takes the text out of a call's messages, or says which of them is no text.

import { agentError, type Message, type Violation } from "@smartcall/agent-kit";
import type { TextMessage } from "./prompt.ts";

/** The messages as text. Throws INVALID_ARGUMENT that names each message the model cannot read. */
export function textMessages(messages: readonly Message[]): readonly TextMessage[] {
  const texts: TextMessage[] = [];
  const violations: Violation[] = [];
  for (const [index, message] of messages.entries()) {
    const read = readMessage(message, `messages[${index}]`);
    if ("problem" in read) violations.push(read);
    else texts.push(read);
  }
  if (violations.length > 0) {
    const told = violations.map(({ path, problem }) => `${path}: ${problem}`).join("; ");
    throw agentError("INVALID_ARGUMENT", told, { reason: "NOT_TEXT", violations });
  }
  return texts;
}

function readMessage(message: Message, path: string): TextMessage | Violation {
  if (message.role === "tool") {
    return { path: `${path}.role`, problem: "must be system, user or assistant: no tools here" };
  }
  const parts = message.parts ?? [];
  if (parts.length === 0) return { role: message.role, content: message.content };
  const texts: string[] = [];
  for (const [index, part] of parts.entries()) {
    if (part.kind !== "text") {
      return {
        path: `${path}.parts[${index}]`,
        problem: "must be text: this model reads no other",
      };
    }
    texts.push(part.text);
  }
  return { role: message.role, content: texts.join("") };
}
