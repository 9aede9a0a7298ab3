// What an agent's `stream` yields.

export const finishReasons = ["stop", "length", "tool_calls", "budget"] as const;
/** Why an answer ended. */
export type FinishReason = (typeof finishReasons)[number];

/** Tokens, as the model's own tokenizer counts them. */
export interface Usage {
  readonly inputTokens: number;
  readonly outputTokens: number;
}

/** One piece of an answer. */
export type Piece =
  | { readonly kind: "delta"; readonly text: string; readonly usage?: Usage }
  | { readonly kind: "usage"; readonly usage: Usage }
  | { readonly kind: "finish"; readonly reason: FinishReason }
  | Done;

/**
 * The end of another agent's answer, which may be passed on as it came: it is a `finish`
 * then. What it used is charged to that agent.
 */
export interface Done {
  readonly kind: "done";
  readonly finishReason: FinishReason;
  readonly usage: Usage;
}

/**
 * More text, appended to what came before.
 *
 * @param counts what the call cost with it, as `usage` tells it; an answer that ends
 *   because of it ends after the text
 */
export function delta(text: string, counts?: Usage): Piece {
  return counts === undefined
    ? { kind: "delta", text }
    : { kind: "delta", text, usage: checked(counts) };
}

/**
 * What the call cost until now, all together; the last one given counts. Without
 * any it cost nothing. Where the call has a grant, the answer ends with the first
 * that reaches it, so an agent tells it as it goes, with each text or after it.
 * Throws a RangeError where a count is no whole number from 0 to 2³¹ − 1, the
 * most the contract's int32 holds.
 */
export function usage(counts: Usage): Piece {
  return { kind: "usage", usage: checked(counts) };
}

/** Why the answer ends; where none is given `stop`, or `budget` at the call's grant. */
export function finish(reason: FinishReason): Piece {
  return { kind: "finish", reason };
}

function checked(counts: Usage): Usage {
  for (const [name, count] of Object.entries(counts)) {
    if (!isCount(count)) {
      throw new RangeError(`${name} is ${count}, and must be a whole number from 0 to 2147483647`);
    }
  }
  return counts;
}

/** Whether something yielded is a piece indeed. */
export function isPiece(yielded: unknown): yielded is Piece {
  if (typeof yielded !== "object" || yielded === null || !("kind" in yielded)) return false;
  if (yielded.kind === "delta") {
    if (!("text" in yielded && typeof yielded.text === "string")) return false;
    return !("usage" in yielded) || yielded.usage === undefined || isUsage(yielded.usage);
  }
  if (yielded.kind === "finish") {
    return "reason" in yielded && finishReasons.some((known) => known === yielded.reason);
  }
  if (yielded.kind === "done") {
    return (
      "finishReason" in yielded && finishReasons.some((known) => known === yielded.finishReason)
    );
  }
  return yielded.kind === "usage" && "usage" in yielded && isUsage(yielded.usage);
}

/** What to tell the author of an agent that yielded something else. Never tells its value. */
export function noPiece(yielded: unknown): string {
  const found = yielded === null ? "null" : `a value of type ${typeof yielded}`;
  return `stream() yielded ${found}, which is no piece of an answer: yield delta("text"), usage({ inputTokens, outputTokens }) or finish("length")`;
}

function isUsage(counts: unknown): counts is Usage {
  if (typeof counts !== "object" || counts === null) return false;
  if (!("inputTokens" in counts && "outputTokens" in counts)) return false;
  return isCount(counts.inputTokens) && isCount(counts.outputTokens);
}

function isCount(count: unknown): count is number {
  return Number.isInteger(count) && Number(count) >= 0 && Number(count) <= 0x7fffffff;
}
