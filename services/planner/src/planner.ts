// The planner: an agent that splits a task, asks other agents, and makes one answer of theirs.

import {
  type Agent,
  AgentError,
  agentError,
  type Call,
  delta,
  isMain,
  type Piece,
  serveAgent,
} from "@smartcall/agent-kit";
import { type Clock, systemClock } from "@smartcall/runtime";
import { type Answered, askAll, isAnswered, isFailed, type Part } from "./ask-all.ts";
import { askOf } from "./ask-of.ts";
import { mostQuestions, type Question, questionsIn, writtenPlan } from "./plan.ts";
import { asking, heading, noneAnswered, splitting, summing, told, unsummed } from "./words.ts";

/** Who splits tasks, answers what was split, and sums up. */
const thinker = "assistant";

/** Of the time that is left at each step this share: what is slow leaves time for the rest. */
const shares = { split: 0.25, parts: 0.65 } as const;

/** The most tokens of each step's answers, where the caller does not say otherwise of the last. */
const maxTokens = { split: 90, part: 80, sum: 120 } as const;

/** What is asked of the answers to a plan that the caller wrote, and that says no task. */
const writtenTask = "Say in short what is said above.";

/** The planner. Calls of it cost nothing themselves: the agents that it asks tell what theirs do. */
export function createPlanner(clock: Clock = systemClock): Agent {
  const within = (call: Call, share: number) => {
    if (call.deadline === undefined) return {};
    return { timeoutMs: Math.max(1, (call.deadline.getTime() - clock.now()) * share) };
  };

  async function* split(call: Call, task: string): AsyncGenerator<Piece, readonly Question[]> {
    yield delta(`Asking ${thinker} what to find out …\n`);
    const ask = askOf(call, splitting(task), maxTokens.split);
    const { text: said } = await call.agent(thinker).invoke(ask, within(call, shares.split));
    const questions = questionsIn(said);
    // A small model may say anything at all: the task is its own only question then.
    if (questions.length === 0) return [{ agent: thinker, text: task }];
    return questions.map((text) => ({ agent: thinker, text, about: task }));
  }

  return {
    name: "planner",
    version: "0.1.0",
    description: "Splits a task, asks other agents at once, and makes one answer of theirs.",
    async *stream(call) {
      const task = call.lastUserText.trim();
      if (task === "") throw agentError("INVALID_ARGUMENT", "There is no task: say it in text.");
      const written = writtenPlan(task);
      if (written !== undefined && written.length > mostQuestions) {
        const message = `The plan has ${written.length} questions: take at most ${mostQuestions}.`;
        throw agentError("INVALID_ARGUMENT", message);
      }
      const questions = written ?? (yield* split(call, task));
      const alone = questions.length === 1;
      yield delta(asking(questions));

      const parts: Part[] = [];
      const terms = { maxTokens: maxTokens.part, ...within(call, shares.parts) };
      for await (const part of askAll(call, questions, terms)) {
        parts.push(part);
        if (!alone) yield delta(told(part));
      }
      parts.sort((one, other) => one.number - other.number);
      const failed = parts.filter(isFailed);
      const answered = parts.filter(isAnswered);
      const [first] = answered;
      if (first === undefined) throw noneAnswered(failed);
      if (!alone) yield delta(heading(failed));
      if (answered.length === 1) yield delta(first.answer);
      else yield* sumUp(call, written === undefined ? task : writtenTask, answered);
    },
  };
}

/** One answer of several, as it comes; where the assistant fails at once, the answers as they are. */
async function* sumUp(
  call: Call,
  task: string,
  parts: readonly Answered[],
): AsyncGenerator<Piece, void, void> {
  const ask = askOf(call, summing(task, parts), call.maxTokens ?? maxTokens.sum);
  let begun = false;
  try {
    for await (const piece of call.agent(thinker).stream(ask)) {
      begun ||= piece.kind === "delta";
      yield piece;
    }
  } catch (error) {
    if (begun || !(error instanceof AgentError)) throw error;
    yield delta(unsummed(parts, error));
  }
}

if (isMain(import.meta.url)) serveAgent(createPlanner());
