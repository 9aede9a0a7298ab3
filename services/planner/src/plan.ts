// What is asked of whom: as the caller wrote it, or as the assistant proposed it.

/** One question, and the agent that it is for. */
export interface Question {
  readonly agent: string;
  readonly text: string;
  /** The task that it is part of, for one who would not understand it alone. */
  readonly about?: string;
}

/** The most questions of one task. */
export const mostQuestions = 4;
/** The most that are taken of what the assistant proposes: it answers one at a time. */
const mostProposed = 3;
/** The longest that is taken for a question, in characters. */
const longest = 200;

/**
 * The questions of a task that is a plan already: two lines or more, each with an agent's
 * name, a colon and a text. Undefined for any other task.
 */
export function writtenPlan(task: string): readonly Question[] | undefined {
  const lines = task.split("\n").filter((line) => line.trim() !== "");
  if (lines.length < 2) return undefined;
  const questions = lines.flatMap((line) => {
    const [, agent, text] = /^\s*([a-z\d][a-z\d-]{0,62}):\s+(\S.*)$/.exec(line) ?? [];
    return agent === undefined || text === undefined ? [] : [{ agent, text: text.trim() }];
  });
  return questions.length === lines.length ? questions : undefined;
}

/** The questions in what a model said, whatever it said: each once, none too long, maybe none. */
export function questionsIn(said: string): readonly string[] {
  const found = new Map<string, string>();
  for (const line of said.split("\n")) {
    // Small models forget the mark at the end of their lists.
    const text = unmarked(line).replace(/^((?:what|why|how|who|when|where)\b.*\p{L})$/iu, "$1?");
    for (const sentence of text.split(/(?<=[.?!])\s+/u)) {
      const question = sentence.trim();
      if (/\p{L}.*\?$/u.test(question) && question.length <= longest) {
        found.set(question.toLowerCase(), question);
      }
    }
  }
  return [...found.values()].slice(0, mostProposed);
}

/** A line without the marks of a list, of bold text and of quotes. */
function unmarked(line: string): string {
  return line
    .replace(/[*"“”]/g, "")
    .replace(/^\s*(?:[-•]|\(?\d+[.):])\s*/, "")
    .trim();
}
