// Asks several agents at once, and tells of each answer when it comes.

import { AgentError, type Call } from "@smartcall/agent-kit";
import { askOf } from "./ask-of.ts";
import type { Question } from "./plan.ts";

/** A question that was asked, and what came of it. */
export type Part = Answered | Failed;

interface Asked extends Question {
  /** Its place in the plan, from 1. */
  readonly number: number;
}

/** One that was answered. */
export interface Answered extends Asked {
  readonly answer: string;
}

/** One that was not. */
export interface Failed extends Asked {
  readonly failure: AgentError;
}

/** How each is asked. */
export interface Terms {
  readonly maxTokens: number;
  /** How long to wait for each, in milliseconds; absent, as long as the call's own caller does. */
  readonly timeoutMs?: number;
}

/** How much of a task goes along with each of its questions, in characters. */
const mostAbout = 400;

/** Asks all of them at once; each part comes as soon as it has ended. */
export async function* askAll(
  call: Call,
  questions: readonly Question[],
  { maxTokens, ...limits }: Terms,
): AsyncGenerator<Part, void, void> {
  const open = new Map(
    questions.map((question, index) => {
      const asked = { ...question, number: index + 1 };
      const ask = askOf(call, contentOf(question), maxTokens);
      const part = call
        .agent(asked.agent)
        .invoke(ask, limits)
        .then(
          ({ text }): Part => ({ ...asked, answer: text.trim() }),
          (error: unknown): Part => {
            if (error instanceof AgentError) return { ...asked, failure: error };
            throw error;
          },
        );
      return [asked.number, part];
    }),
  );
  while (open.size > 0) {
    const part = await Promise.race(open.values());
    open.delete(part.number);
    yield part;
  }
}

export function isAnswered(part: Part): part is Answered {
  return "answer" in part;
}

export function isFailed(part: Part): part is Failed {
  return "failure" in part;
}

function contentOf({ text, about }: Question): string {
  return about === undefined ? text : `${about.slice(0, mostAbout)}\n\n${text}`;
}
