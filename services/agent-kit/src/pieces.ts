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
  | { readonly kind: "delta"; readonly text: string }
  | { readonly kind: "usage"; readonly usage: Usage }
  | { readonly kind: "finish"; readonly reason: FinishReason };

/** More text, appended to what came before. */
export function delta(text: string): Piece {
  return { kind: "delta", text };
}

/**
 * What the call cost; the last one given counts. Without any it cost nothing.
 * Throws a RangeError where a count is no whole number from 0 to 2³¹ − 1, the
 * most the contract's int32 holds.
 */
export function usage(counts: Usage): Piece {
  for (const [name, count] of Object.entries(counts)) {
    if (!isCount(count)) {
      throw new RangeError(`${name} is ${count}, and must be a whole number from 0 to 2147483647`);
    }
  }
  return { kind: "usage", usage: counts };
}

/** Why the answer ends; `stop` where none is given. */
export function finish(reason: FinishReason): Piece {
  return { kind: "finish", reason };
}

/** Whether something yielded is a piece indeed. */
export function isPiece(yielded: unknown): yielded is Piece {
  if (typeof yielded !== "object" || yielded === null || !("kind" in yielded)) return false;
  if (yielded.kind === "delta") return "text" in yielded && typeof yielded.text === "string";
  if (yielded.kind === "finish") {
    return "reason" in yielded && finishReasons.some((known) => known === yielded.reason);
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
