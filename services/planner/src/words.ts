// What the planner says to those who wait, and to the assistant.

import { type AgentError, agentError } from "@smartcall/agent-kit";
import { type Answered, type Failed, isFailed, type Part } from "./ask-all.ts";
import type { Question } from "./plan.ts";

/** How much of an answer is shown while others are awaited, in characters. */
const shown = 90;
/** How much of an answer is handed to the assistant: its context is small. */
const handed = 600;

/** Asks the assistant for questions. */
export function splitting(task: string): string {
  return `List three short questions about this topic, one a line.\n\nTopic: ${task}`;
}

/** Asks the assistant for one answer: what is known, and then the task. */
export function summing(task: string, parts: readonly Answered[]): string {
  const known = parts.map(({ text, answer }) => `${text} ${answer.slice(0, handed)}`);
  return `${known.join("\n\n")}\n\n${task}`;
}

/** The plan, for a person. */
export function asking(questions: readonly Question[]): string {
  const lines = questions.map(({ agent, text }, index) => `  ${index + 1}. ${agent}: ${text}\n`);
  const [head] = lines.length === 1 ? ["Asking:"] : [`Asking ${lines.length} at once:`];
  return `${head}\n${lines.join("")}\n`;
}

/** What came of one question, for a person: a line. */
export function told(part: Part): string {
  if (isFailed(part)) return `No answer to ${part.number}: ${reasonOf(part)}\n`;
  const line = part.answer.replace(/\s+/g, " ");
  const text = line.length > shown ? `${line.slice(0, shown).trimEnd()} …` : line;
  return `Answer to ${part.number}: ${text}\n`;
}

/** What stands over the answer: which parts are not in it. */
export function heading(failed: readonly Failed[]): string {
  const without = failed.map(({ number }) => number).sort();
  return without.length === 0 ? "\nTogether:\n" : `\nWithout ${without.join(" and ")}:\n`;
}

/** The answers as they are, where nobody sums them up. */
export function unsummed(parts: readonly Answered[], failure: AgentError): string {
  const answers = parts.map(({ number, answer }) => `${number}. ${answer}`);
  return `${answers.join("\n")}\n\nNobody summed this up: ${failure.message}`;
}

/** What the caller is told where no question was answered: the first one's failure. */
export function noneAnswered(failed: readonly Failed[]): AgentError {
  const [first] = failed;
  if (first === undefined) throw new Error("no question failed");
  const { code, details } = first.failure;
  const whys = new Set(failed.map(({ failure }) => failure.message));
  return agentError(code, `No question was answered: ${[...whys].join(" ")}`, details);
}

function reasonOf({ failure }: Failed): string {
  const { metadata, reason = failure.code } = failure.details;
  const budget = reason === "BUDGET_SPENT" ? metadata?.["rule"] : undefined;
  const why = budget === undefined ? reason : `${reason}: ${budget}`;
  return `${failure.message.replace(/\.$/, "")} (${why})`;
}
